/** The workflow that delivers alerts about one node to one webhook, in order: its type's name, its id, and its signals. */
export const WEBHOOK_LINE_WORKFLOW = 'webhookLine';
/** There is something to deliver. */
export const WAKE_SIGNAL = 'wake';

/** The deliveries of one webhook about one node, or about what belongs to no node, in order. */
export interface WebhookLine {
  webhook: string;
  /** A node's uid, a token's id, or `fleet`. */
  about: string;
}

export function webhookLineWorkflowId({ webhook, about }: WebhookLine): string {
  return `webhook-${webhook}-${about}`;
}

/** Task queue of deliveries alone: a receiver that hangs delays nothing else. */
export function webhookQueue(taskQueue: string): string {
  return `${taskQueue}-webhooks`;
}

export interface WebhookLineInput extends WebhookLine {
  /** Number of events after which a run continues as new. */
  maxRunEvents: number;
}

/** Format of a body. */
export const WEBHOOK_FORMS = ['cloudevents', 'slack', 'pagerduty', 'alertmanager'] as const;
export type WebhookForm = (typeof WEBHOOK_FORMS)[number];

export const DELIVERY_STATES = [
  /** It is tried until it succeeds, or for a day. */
  'PENDING',
  'DELIVERED',
  /** No attempt succeeded in time. It can be replayed. */
  'DEAD',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Maximum number of webhooks, and of pending deliveries for each. */
export const MOST_WEBHOOKS = 50;
export const MOST_WAITING = 10_000;

/** Outcome of an attempt. */
export const DELIVERY_OUTCOMES = ['delivered', 'failed', 'dead'] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
