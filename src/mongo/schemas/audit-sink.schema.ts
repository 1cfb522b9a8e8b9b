import { Schema } from 'mongoose';
import type { SinkKind } from '../../retention/audit-sink.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const KNOWN_SINKS = 'auditsinks';

/** A day: a worker with a sink that others lack may be away for as long, and nothing goes that its sink does not have. */
export const FORGOTTEN_AFTER_S = 86_400;

/** A kind of sink that some worker has. */
export interface AuditSinkDocument {
  _id: SinkKind;
  /** When a worker said last that it has one, by the database's clock. */
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
