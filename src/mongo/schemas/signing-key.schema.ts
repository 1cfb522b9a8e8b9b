import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const SIGNING_KEYS = 'signingkeys';

export interface SigningKeyDocument {
  /** The kid. */
  _id: string;
  publicKeyX: string;
  expiresAt: Date;
}

export const signingKeyDocumentSchema = new Schema<SigningKeyDocument>(
  {
    _id: { type: String, required: true },
    publicKeyX: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: SIGNING_KEYS },
);

signingKeyDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
