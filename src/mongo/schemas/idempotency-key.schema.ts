import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const IDEMPOTENCY_KEYS = 'idempotencykeys';

export interface IdempotencyKeyDocument {
  /** Hash of principal and key. */
  _id: string;
  fingerprint: string;
  claimedAt: number;
  answer: { status: number; body: unknown } | null;
  expiresAt: Date;
}

export const idempotencyKeyDocumentSchema = new Schema<IdempotencyKeyDocument>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    claimedAt: { type: Number, required: true },
    answer: { type: Schema.Types.Mixed, default: null },
    expiresAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: IDEMPOTENCY_KEYS },
);

idempotencyKeyDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
