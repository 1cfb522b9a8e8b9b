import type { EventType } from '../../contract/audit.js';
import type { EpochMs } from '../../contract/states.js';
import type { RecordedEvent } from '../record/event-store.js';
import type { SinkKind } from './audit-sink.js';

/** Records that go once they are over for long enough. */
export const EXPIRING_KINDS = ['node', 'token', 'apiToken', 'drain'] as const;
export type ExpiringKind = (typeof EXPIRING_KINDS)[number];

/** A record that is over, as it is stored, without what is secret. */
export interface ExpiredRecord {
  id: string;
  /** Of a node; else what people know it by, where it has such a name. */
  name: string | null;
  record: Readonly<Record<string, unknown>>;
}

/** What is over in the record, and may go. */
export abstract class RetentionStore {
  /** Events that no sink has, the oldest first. */
  abstract unexported(most: number): Promise<RecordedEvent[]>;

  /** Of the events that no sink has: how many, 10,000 at most, and when the oldest of them happened. */
  abstract backlog(): Promise<{ count: number; oldestAt: EpochMs | null }>;

  /** The sinks have these events. */
  abstract markExported(ids: readonly string[]): Promise<void>;

  /**
   * Deletes events of these types from before this moment.
   * @param only `exported`: those that the sinks have
   * @returns how many
   */
  abstract dropEvents(
    types: readonly EventType[],
    before: EpochMs,
    options: { only: 'exported' | 'all'; most: number },
  ): Promise<number>;

  /**
   * Records that were over before this moment, and that nothing refers to as a fence:
   * removed nodes whose removal is applied, drains of sets that are over, tokens that have expired or were revoked. Not among the tokens are
   * those that came with the installation, since its file would bring them back, and those of slots that wait, since slots expire by them.
   * By id.
   * @param after the id after which to go on; null: from the first on
   */
  abstract expired(kind: ExpiringKind, before: EpochMs, most: number, after: string | null): Promise<ExpiredRecord[]>;

  /** Deletes those that {@link expired} has found. */
  abstract drop(kind: ExpiringKind, ids: readonly string[]): Promise<void>;

  /**
   * A worker has these sinks.
   * @returns all sinks that workers have, or had within the last day
   */
  abstract announceSinks(kinds: readonly SinkKind[]): Promise<SinkKind[]>;
}
