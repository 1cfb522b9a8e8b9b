import { Schema } from 'mongoose';
import { SESSION_KINDS, SESSION_STATES } from '../../../contract/sessions.js';
import type { SessionRecord } from '../../sessions/session-record.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const SESSIONS = 'sessions';

/** Large fields, which are not always read. */
type Bulk = Pick<SessionRecord, 'sql' | 'preview'>;

/** One session. Lists leave out `sql` and `preview`, which are large. */
export interface SessionDocument extends Omit<SessionRecord, 'key' | 'labels' | keyof Bulk>, Partial<Bulk> {
  /** The record's key. */
  _id: string;
  labels: { key: string; value: string }[];
  /** Present while the node's agent has to act on it: begin it, end it, or say whether it still has it. */
  pending?: true;
  /** Present once it has ended. */
  expiresAt?: Date;
}

const terminationSchema = new Schema(
  { at: { type: Number, required: true }, by: { type: String, required: true }, reason: { type: String, default: '' } },
  PART_OPTIONS,
);

export const sessionDocumentSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    kind: { type: String, enum: SESSION_KINDS, required: true },
    principal: { type: String, required: true },
    statement: { type: String, default: '' },
    sql: { type: String, default: null },
    state: { type: String, enum: SESSION_STATES, required: true },
    reason: { type: String, default: '' },
    node: {
      type: new Schema({ uid: { type: String, required: true }, name: { type: String, required: true } }, PART_OPTIONS),
      default: null,
    },
    resources: {
      type: new Schema({ cpu: Number, memory: Number, disk: Number, gpu: Number }, PART_OPTIONS),
      required: true,
    },
    labels: { type: [new Schema({ key: String, value: String }, PART_OPTIONS)], default: [] },
    openedBy: { type: String, required: true },
    openedAt: { type: Number, required: true },
    startedAt: { type: Number, default: null },
    endedAt: { type: Number, default: null },
    termination: { type: terminationSchema, default: null },
    rows: { type: Number, default: null },
    resultFile: { type: String, default: null },
    // Validated by contract/schemas/sessions.ts.
    preview: { type: Schema.Types.Mixed, default: null },
    pending: { type: Boolean, enum: [true] },
    expiresAt: Date,
  },
  { ...SCHEMA_OPTIONS, collection: SESSIONS },
);

sessionDocumentSchema.index({ 'node.uid': 1 }, { partialFilterExpression: { pending: true } });
sessionDocumentSchema.index({ 'node.uid': 1, state: 1, id: 1 });
sessionDocumentSchema.index({ id: 1 });
// Each filter of the list, in the list's sort order.
sessionDocumentSchema.index({ openedAt: -1, _id: -1 });
sessionDocumentSchema.index({ state: 1, openedAt: -1, _id: -1 });
sessionDocumentSchema.index({ 'node.name': 1, openedAt: -1, _id: -1 });
sessionDocumentSchema.index({ principal: 1, openedAt: -1, _id: -1 });
sessionDocumentSchema.index({ kind: 1, openedAt: -1, _id: -1 });
// For finding a node's oldest sessions of other engines.
sessionDocumentSchema.index({ 'node.uid': 1, endedAt: -1 }, { partialFilterExpression: { kind: 'external' } });
sessionDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
