import { isoTime } from '../../contract/iso-time.js';
import type { EpochMs } from '../../contract/states.js';
import type { ExpiringKind } from './retention-store.js';

/** What a sink keeps: an event, or a record that is deleted for its age. */
export interface AuditLine {
  kind: 'event' | ExpiringKind;
  /** Equal on every repetition: whoever reads the sink tells by it what came twice. */
  id: string;
  /** When it happened; of a record, when it was deleted. */
  at: EpochMs;
  /** What it is about, as columns of the line. Nothing of it is secret. */
  fields: Readonly<Record<string, unknown>>;
}

/** By which sinks of different workers are compared: each may have a path or an address of its own. */
export type SinkKind = 'file' | 'otlp';

/** Keeps the audit outside of MongoDB. */
export abstract class AuditSink {
  abstract readonly kind: SinkKind;

  /** For people: a path or an address. */
  abstract readonly name: string;

  /**
   * Resolves once all of them are kept, so that they may go. Lines of a call that failed may be there already, and come again.
   * @throws Error that says in a few words why they could not be kept
   */
  abstract keep(lines: readonly AuditLine[]): Promise<void>;
}

/** A line as JSON, without a line break. */
export function toAuditText({ kind, id, at, fields }: AuditLine): string {
  return JSON.stringify({ kind, id, at: isoTime(at), ...fields });
}
