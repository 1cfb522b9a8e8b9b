import type { WebhookLine } from '../contract/webhooks.js';

/** Outcome of an attempt at a line's first delivery. */
export type DeliveryStep =
  /** No delivery is pending. */
  | { is: 'empty' }
  /** The delivery succeeded or was given up: the next may be tried. */
  | { is: 'over' }
  /** The delivery is to be tried again after `afterMs` milliseconds. */
  | { is: 'later'; afterMs: number };

export interface WebhookPorts {
  /** Tries the first delivery of a line once, in bounded time. */
  deliverFirst(line: WebhookLine): Promise<DeliveryStep>;
}

/** Side effects of webhook lines. A retry may deliver twice, with the same webhook-id. */
export interface WebhookActivities {
  deliverFirst(line: WebhookLine): Promise<DeliveryStep>;
}

export function createWebhookActivities({ webhooks }: { webhooks: WebhookPorts }): WebhookActivities {
  return { deliverFirst: (line) => webhooks.deliverFirst(line) };
}
