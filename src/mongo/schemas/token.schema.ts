import { Schema } from 'mongoose';
import type { TokenKind } from '../../auth/token-store.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const TOKENS = 'tokens';

export interface TokenDocument {
  _id: string;
  kind: TokenKind;
  secretHash: string;
  description: string;
  uses: number;
  maxUses: number;
  expiresAt: number;
  labels: { key: string; value: string }[];
  namePattern?: string | null;
  autoApprove: boolean | null;
  removeAfterMs?: number | null;
  nodeUid: string | null;
  createdAt: number;
  createdBy: string;
  revokedAt: number | null;
}

export const tokenDocumentSchema = new Schema<TokenDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ['join', 'bootstrap'], required: true },
    secretHash: { type: String, required: true },
    description: { type: String, default: '' },
    uses: { type: Number, default: 0 },
    maxUses: { type: Number, required: true },
    expiresAt: { type: Number, required: true },
    labels: { type: [new Schema({ key: String, value: String }, PART_OPTIONS)], default: [] },
    namePattern: { type: String, default: null },
    autoApprove: { type: Boolean, default: null },
    removeAfterMs: { type: Number, default: null },
    nodeUid: { type: String, default: null },
    createdAt: { type: Number, required: true },
    createdBy: { type: String, required: true },
    revokedAt: { type: Number, default: null },
  },
  { ...SCHEMA_OPTIONS, collection: TOKENS },
);

tokenDocumentSchema.index({ kind: 1, createdAt: -1, _id: -1 });
tokenDocumentSchema.index({ nodeUid: 1 }, { partialFilterExpression: { nodeUid: { $type: 'string' } } });
