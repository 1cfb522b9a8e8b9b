import { Schema } from 'mongoose';
import type { Resources } from '../../../contract/schemas/agents.js';
import type { EarlierBoot } from '../../heartbeats/heartbeat-store.js';
import type { UsedShares } from '../used-shares.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const HEARTBEATS = 'heartbeats';

/**
 * One for every living node, made and deleted together with it. Heartbeats only ever update it, so that a late one
 * cannot bring a removed node's back.
 */
export interface HeartbeatDocument {
  /** The node's uid. */
  _id: string;
  /** 0 where none ever came, so that the list of nodes can be sorted by it. */
  lastSeen: number;
  bootId: string | null;
  seq: number;
  /** How soon the node was told to beat again, in milliseconds, where that is not the configured interval. */
  intervalMs?: number;
  resources: Resources | null;
  /** What is in use of it. Absent where no heartbeat came, or an older version took the last. */
  used?: UsedShares;
  /** The latest first. */
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
    // Checked against contract/schemas/agents.ts before it comes here.
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
// Partial, not sparse: for `$expr` MongoDB takes a sparse index even where documents without the field match, and misses those.
heartbeatDocumentSchema.index({ saidGoodbyeAt: 1 }, { partialFilterExpression: { saidGoodbyeAt: { $gt: 0 } } });
