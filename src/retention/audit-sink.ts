import { isoTime } from '../../contract/iso-time.js';
import type { EpochMs } from '../../contract/states.js';
import type { ExpiringKind } from './retention-store.js';

/** A line of the audit: an event, or a record that is deleted because of its age. */
export interface AuditLine {
  kind: 'event' | ExpiringKind;
  /** Equal on every repetition, so that readers of the sink recognize duplicates. */
  id: string;
  /** Time of the event, or of the record's deletion. */
  at: EpochMs;
  /** Content, as columns of the line, without secrets. */
  fields: Readonly<Record<string, unknown>>;
}

/** Kind of a sink, by which workers compare theirs; paths and addresses may differ. */
export type SinkKind = 'file' | 'otlp';

/** Keeps the audit outside of MongoDB. */
export abstract class AuditSink {
  abstract readonly kind: SinkKind;

  /** Path or address, for people. */
  abstract readonly name: string;

  /**
   * Resolves once all lines are stored, so that they may be deleted in MongoDB. After a failure some may be stored already, and come again.
   * @throws Error with a short reason
   */
  abstract keep(lines: readonly AuditLine[]): Promise<void>;
}

/** A line as JSON, without a line break. */
export function toAuditText({ kind, id, at, fields }: AuditLine): string {
  return JSON.stringify({ kind, id, at: isoTime(at), ...fields });
}
