import type { EpochMs } from '../../contract/states.js';
import type { DeliveryState, WebhookLine } from '../../contract/webhooks.js';
import type { Page, PageRequest } from '../http/page.js';
import type { DeliveryRecord, WebhookChange, WebhookRecord } from './webhook-record.js';

/** What became of an attempt. */
export interface Attempt {
  at: EpochMs;
  answer: string;
  state: DeliveryState;
  nextAttemptAt: EpochMs;
}

/** Webhooks and what they are told. Writes are durable when the promise resolves. */
export abstract class WebhookStore {
  /** @returns false where there are as many as there may be */
  abstract create(webhook: WebhookRecord): Promise<boolean>;

  abstract find(id: string): Promise<WebhookRecord | null>;

  /** The latest first. There are never many. */
  abstract all(): Promise<WebhookRecord[]>;

  /** @returns it as changed; null where there is none */
  abstract edit(id: string, change: WebhookChange): Promise<WebhookRecord | null>;

  /** Those that want alerts which were raised before they did. */
  abstract owed(): Promise<WebhookRecord[]>;

  /** What was raised before is written down for it. */
  abstract settle(id: string): Promise<void>;

  /** With all that it was told and is to be told. @returns null where there is none */
  abstract remove(id: string): Promise<WebhookRecord | null>;

  /** Adds what is not there yet. Where too much waits for a webhook already, it is dead at once. */
  abstract deliver(deliveries: readonly DeliveryRecord[]): Promise<void>;

  /** The delivery of a line that is to be tried before its others. */
  abstract first(line: WebhookLine): Promise<DeliveryRecord | null>;

  /** Ignored where the delivery is over or gone. */
  abstract attempted(id: string, attempt: Attempt): Promise<void>;

  /** Makes a delivery that is over wait again. @returns null where there is none */
  abstract replay(webhook: string, id: string, at: EpochMs, until: EpochMs): Promise<DeliveryRecord | null>;

  /**
   * What a webhook was told, the latest first.
   * @throws BadCursor
   */
  abstract deliveries(
    webhook: string,
    page: PageRequest & { state?: DeliveryState | undefined },
  ): Promise<Page<DeliveryRecord>>;

  /** Lines with deliveries of which their workflows were not told. */
  abstract untold(atMost: number): Promise<WebhookLine[]>;

  /** The workflow of a line was told of what was there by then. */
  abstract told(line: WebhookLine, by: EpochMs): Promise<void>;

  /** Lines that have something to deliver. */
  abstract waitingLines(atMost: number): Promise<WebhookLine[]>;

  /** How many deliveries wait, of all webhooks. */
  abstract waiting(): Promise<number>;
}
