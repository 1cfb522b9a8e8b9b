import { Schema } from 'mongoose';
import { SCOPED_ROLES, type ScopedGrant, ROLES, type Role } from '../../../contract/grants.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const API_TOKENS = 'apitokens';

export interface ApiTokenDocument {
  _id: string;
  name: string;
  role: Role;
  grant?: ScopedGrant;
  secretHash: string;
  former?: { secretHash: string; until: number };
  createdAt: number;
  createdBy: string;
  expiresAt: number | null;
  lastUsedAt?: number | null;
  revokedAt: number | null;
  /** Its name while it is valid, which is unique; an expired token loses it to a new one. Absent in tokens from before names were unique. */
  livingName?: string;
  /** How often it was the remaining administrator's token when another was revoked: a write that serializes revocations. */
  kept?: number;
}

export const scopedGrantSchema = new Schema<ScopedGrant>(
  {
    role: { type: String, enum: SCOPED_ROLES, required: true },
    scope: { type: [String], required: true },
  },
  PART_OPTIONS,
);

export const apiTokenDocumentSchema = new Schema<ApiTokenDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, enum: ROLES, required: true },
    grant: scopedGrantSchema,
    secretHash: { type: String, required: true },
    former: { secretHash: String, until: Number },
    createdAt: { type: Number, required: true },
    createdBy: { type: String, required: true },
    expiresAt: { type: Number, default: null },
    lastUsedAt: { type: Number, default: null },
    revokedAt: { type: Number, default: null },
    livingName: String,
    kept: Number,
  },
  { ...SCHEMA_OPTIONS, collection: API_TOKENS },
);

apiTokenDocumentSchema.index({ createdAt: -1, _id: -1 });
apiTokenDocumentSchema.index({ livingName: 1 }, { unique: true, sparse: true });
