import { Schema } from 'mongoose';
import type { SinkKind } from '../../retention/audit-sink.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const KNOWN_SINKS = 'auditsinks';

/** One day, in seconds: how long a worker with a sink of its own may be away before events expire without that sink. */
export const FORGOTTEN_AFTER_S = 86_400;

/** A kind of sink that at least one worker has. */
export interface AuditSinkDocument {
  _id: SinkKind;
  /** When a worker last announced it, by the database's clock. */
  seenAt: Date;
}

export const auditSinkDocumentSchema = new Schema<AuditSinkDocument>(
  {
    _id: { type: String, enum: ['file', 'otlp'], required: true },
    seenAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: KNOWN_SINKS },
);

auditSinkDocumentSchema.index({ seenAt: 1 }, { expireAfterSeconds: FORGOTTEN_AFTER_S });
