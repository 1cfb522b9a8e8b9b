/** The workflow that tells a webhook, in order, of one node: its type's name, its id, and what can be said to it. */
export const WEBHOOK_LINE_WORKFLOW = 'webhookLine';
/** There is something to deliver. */
export const WAKE_SIGNAL = 'wake';

/** What one webhook is told of one node, or of what belongs to none, in order. */
export interface WebhookLine {
  webhook: string;
  /** A node's uid, a token's id, or `fleet`. */
  about: string;
}

export function webhookLineWorkflowId({ webhook, about }: WebhookLine): string {
  return `webhook-${webhook}-${about}`;
}

/** Task queue of deliveries alone: a receiver that hangs holds up nothing else. */
export function webhookQueue(taskQueue: string): string {
  return `${taskQueue}-webhooks`;
}

export interface WebhookLineInput extends WebhookLine {
  /** Events after which a run continues as new. */
  maxRunEvents: number;
}

/** What a body looks like. */
export const WEBHOOK_FORMS = ['cloudevents', 'slack', 'pagerduty', 'alertmanager'] as const;
export type WebhookForm = (typeof WEBHOOK_FORMS)[number];

export const DELIVERY_STATES = [
  /** It is tried until it succeeds, or for a day. */
  'PENDING',
  'DELIVERED',
  /** Nobody took it in time. It can be replayed. */
  'DEAD',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How many webhooks there may be, and how much may wait for each. */
export const MOST_WEBHOOKS = 50;
export const MOST_WAITING = 10_000;

/** What becomes of an attempt. */
export const DELIVERY_OUTCOMES = ['delivered', 'failed', 'dead'] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
