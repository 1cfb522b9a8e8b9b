import type { EventType } from '../../contract/audit.js';
import type { EpochMs } from '../../contract/states.js';
import type { RecordedEvent } from '../record/event-store.js';
import type { SinkKind } from './audit-sink.js';

/** Kinds of records that are deleted by age. */
export const EXPIRING_KINDS = ['node', 'token', 'apiToken', 'drain'] as const;
export type ExpiringKind = (typeof EXPIRING_KINDS)[number];

/** An expired record as stored, without secrets. */
export interface ExpiredRecord {
  id: string;
  /** Its name for people, where it has one. */
  name: string | null;
  record: Readonly<Record<string, unknown>>;
}

/** Access to what may be deleted by age. */
export abstract class RetentionStore {
  /** Events that are not exported, oldest first. */
  abstract unexported(most: number): Promise<RecordedEvent[]>;

  /** Number of events that are not exported, up to 10,000, and the time of the oldest. */
  abstract backlog(): Promise<{ count: number; oldestAt: EpochMs | null }>;

  /** Marks events as exported to all sinks. */
  abstract markExported(ids: readonly string[]): Promise<void>;

  /**
   * Deletes events of these types from before this moment.
   * @param only `exported` restricts this to exported ones
   * @returns the number of deleted events
   */
  abstract dropEvents(
    types: readonly EventType[],
    before: EpochMs,
    options: { only: 'exported' | 'all'; most: number },
  ): Promise<number>;

  /**
   * Records that were over before this moment and that serve as a fence no longer, by id: removed nodes whose removal is applied, finished drain sets,
   * expired and revoked tokens. Without tokens of the installation, which their file would bring back, and those of waiting slots, which expire by
   * them.
   * @param after the id after which to continue; null for the beginning
   */
  abstract expired(kind: ExpiringKind, before: EpochMs, most: number, after: string | null): Promise<ExpiredRecord[]>;

  /** Deletes records that {@link expired} has found. */
  abstract drop(kind: ExpiringKind, ids: readonly string[]): Promise<void>;

  /**
   * Announces a worker's sinks.
   * @returns all kinds of sinks that workers have, or had within the last day
   */
  abstract announceSinks(kinds: readonly SinkKind[]): Promise<SinkKind[]>;
}
