import { Schema } from 'mongoose';
import { ROLES, type Role } from '../../../contract/roles.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const API_TOKENS = 'apitokens';

export interface ApiTokenDocument {
  _id: string;
  name: string;
  role: Role;
  secretHash: string;
  former?: { secretHash: string; until: number };
  createdAt: number;
  createdBy: string;
  expiresAt: number | null;
  lastUsedAt?: number | null;
  revokedAt: number | null;
  /** Its name, while it works: of expired ones it is taken away when another wants it. Absent in tokens of before names were unique. */
  livingName?: string;
  /** How often it was the administrator's that stayed while another was revoked. */
  kept?: number;
}

export const apiTokenDocumentSchema = new Schema<ApiTokenDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, enum: ROLES, required: true },
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
