import type { EpochMs } from '../../contract/states.js';
import type { DeliveryState, WebhookLine } from '../../contract/webhooks.js';
import type { Page, PageRequest } from '../http/page.js';
import type { DeliveryRecord, WebhookChange, WebhookRecord } from './webhook-record.js';

/** Outcome of an attempt. */
export interface Attempt {
  at: EpochMs;
  answer: string;
  state: DeliveryState;
  nextAttemptAt: EpochMs;
}

/** Webhooks and their deliveries. Writes are durable when the promise resolves. */
export abstract class WebhookStore {
  /** @returns false where the maximum number of webhooks exists */
  abstract create(webhook: WebhookRecord): Promise<boolean>;

  abstract find(id: string): Promise<WebhookRecord | null>;

  /** All webhooks, latest first; there are never many. */
  abstract all(): Promise<WebhookRecord[]>;

  /** @returns the changed webhook; null where there is none */
  abstract edit(id: string, change: WebhookChange): Promise<WebhookRecord | null>;

  /** Stores secrets in another form, unless the webhook has others by now. */
  abstract reseal(before: WebhookRecord, after: Pick<WebhookRecord, 'url' | 'secret' | 'former'>): Promise<void>;

  /** Webhooks to which raised alerts from before their creation or change are to be delivered. */
  abstract owed(): Promise<WebhookRecord[]>;

  /** Notes that those deliveries are written. */
  abstract settle(id: string): Promise<void>;

  /** Deletes a webhook with its deliveries. @returns null where there is none */
  abstract remove(id: string): Promise<WebhookRecord | null>;

  /** Adds new deliveries. Those for a webhook with too many pending ones are DEAD at once. */
  abstract deliver(deliveries: readonly DeliveryRecord[]): Promise<void>;

  /** The first pending delivery of a line. */
  abstract first(line: WebhookLine): Promise<DeliveryRecord | null>;

  /** Records an attempt. Ignored where the delivery is over or deleted. */
  abstract attempted(id: string, attempt: Attempt): Promise<void>;

  /** Makes a finished delivery pending again. @returns null where there is none */
  abstract replay(webhook: string, id: string, at: EpochMs, until: EpochMs): Promise<DeliveryRecord | null>;

  /**
   * Deliveries of a webhook, latest first.
   * @throws BadCursor
   */
  abstract deliveries(
    webhook: string,
    page: PageRequest & { state?: DeliveryState | undefined },
  ): Promise<Page<DeliveryRecord>>;

  /** Lines with deliveries that their workflows were not told of. */
  abstract untold(atMost: number): Promise<WebhookLine[]>;

  /** Notes that the workflow of a line was told of deliveries up to then. */
  abstract told(line: WebhookLine, by: EpochMs): Promise<void>;

  /** Lines with pending deliveries. */
  abstract waitingLines(atMost: number): Promise<WebhookLine[]>;

  /** Number of pending deliveries of all webhooks. */
  abstract waiting(): Promise<number>;
}
