import { Schema } from 'mongoose';
import type { Resources } from '../../../contract/schemas/agents.js';
import type { EarlierBoot } from '../../heartbeats/heartbeat-store.js';
import type { UsedShares } from '../used-shares.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const HEARTBEATS = 'heartbeats';

/**
 * The last heartbeat of a node: one document per living node, inserted and deleted together with it. Heartbeats only update it, so a late one
 * cannot bring back that of a removed node.
 */
export interface HeartbeatDocument {
  /** The node's uid. */
  _id: string;
  /** 0 where no heartbeat ever came, so that nodes can be sorted by it. */
  lastSeen: number;
  bootId: string | null;
  seq: number;
  /** The interval that the node was told, in milliseconds, where it differs from the configured one. */
  intervalMs?: number;
  resources: Resources | null;
  /** Absent where no heartbeat came, or the last one was recorded by an older version. */
  used?: UsedShares;
  /** Latest first. */
  earlierBoots?: EarlierBoot[];
  saidGoodbyeAt?: number;
}

export const heartbeatDocumentSchema = new Schema<HeartbeatDocument>(
  {
    _id: { type: String, required: true },
    lastSeen: { type: Number, default: 0 },
    bootId: { type: String, default: null },
    seq: { type: Number, default: 0 },
    intervalMs: Number,
    // Validated by contract/schemas/agents.ts.
    resources: { type: Schema.Types.Mixed, default: null },
    used: new Schema({ cpu: { type: Number, required: true }, memory: { type: Number, required: true } }, PART_OPTIONS),
    earlierBoots: {
      type: [
        new Schema({ bootId: { type: String, required: true }, seq: { type: Number, required: true } }, PART_OPTIONS),
      ],
      default: [],
    },
    saidGoodbyeAt: Number,
  },
  { ...SCHEMA_OPTIONS, collection: HEARTBEATS },
);

heartbeatDocumentSchema.index({ lastSeen: 1, _id: 1 });
heartbeatDocumentSchema.index({ 'used.cpu': 1, _id: 1 });
heartbeatDocumentSchema.index({ 'used.memory': 1, _id: 1 });
// Partial, not sparse: for `$expr`, MongoDB uses a sparse index even where documents without the field match, and misses those.
heartbeatDocumentSchema.index({ saidGoodbyeAt: 1 }, { partialFilterExpression: { saidGoodbyeAt: { $gt: 0 } } });
