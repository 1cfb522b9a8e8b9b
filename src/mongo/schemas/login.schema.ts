import { Schema } from 'mongoose';
import { ROLES } from '../../../contract/grants.js';
import type { LoggedInPerson } from '../../auth/login-store.js';
import { scopedGrantSchema } from './api-token.schema.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const LOGINS = 'logins';

export interface LoginDocument {
  /** Hash of the cookie. */
  _id: string;
  tokenId?: string;
  person?: Omit<LoggedInPerson, 'grants'> & Partial<Pick<LoggedInPerson, 'grants'>>;
  /** Until then, one replica is asking the identity provider about the person, and no other does. */
  checkingUntil?: number;
  unansweredUntil?: number;
  createdAt: number;
  expiresAt: Date;
}

const personSchema = new Schema<LoggedInPerson>(
  {
    principal: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, enum: ROLES, required: true },
    grants: { type: [scopedGrantSchema], default: [] },
    sealed: { type: String, required: true },
    checkedAt: { type: Number, default: null },
  },
  PART_OPTIONS,
);

export const loginDocumentSchema = new Schema<LoginDocument>(
  {
    _id: { type: String, required: true },
    tokenId: { type: String },
    person: { type: personSchema },
    checkingUntil: { type: Number },
    unansweredUntil: { type: Number },
    createdAt: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: LOGINS },
);

loginDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
