import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const LOGINS = 'logins';

export interface LoginDocument {
  /** Hash of the cookie. */
  _id: string;
  tokenId: string;
  createdAt: number;
  expiresAt: Date;
}

export const loginDocumentSchema = new Schema<LoginDocument>(
  {
    _id: { type: String, required: true },
    tokenId: { type: String, required: true },
    createdAt: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: LOGINS },
);

loginDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
