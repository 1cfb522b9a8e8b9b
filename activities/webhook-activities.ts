import type { WebhookLine } from '../contract/webhooks.js';

/** What became of the first delivery of a line. */
export type DeliveryStep =
  /** Nothing waits. */
  | { is: 'empty' }
  /** It was delivered, or given up: the next may be tried. */
  | { is: 'over' }
  /** It is tried again after so long, in milliseconds. */
  | { is: 'later'; afterMs: number };

export interface WebhookPorts {
  /** Tries the first delivery of a line once, in bounded time. */
  deliverFirst(line: WebhookLine): Promise<DeliveryStep>;
}

/** Side effects of what webhooks are told. Done twice it tells the receiver twice, by the same webhook-id. */
export interface WebhookActivities {
  deliverFirst(line: WebhookLine): Promise<DeliveryStep>;
}

export function createWebhookActivities({ webhooks }: { webhooks: WebhookPorts }): WebhookActivities {
  return { deliverFirst: (line) => webhooks.deliverFirst(line) };
}
