import { Schema } from 'mongoose';
import { ON_DEADLINE } from '../../../contract/decision.js';
import { DRAIN_MEMBER_STATES, DRAIN_SET_STATES, DRAIN_SET_WISHES, HOLD } from '../../../contract/drain-set.js';
import type { DrainSetRecord } from '../../drains/drain-set-record.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const DRAIN_SETS = 'drains';

export interface DrainSetDocument
  extends Omit<DrainSetRecord, 'id' | 'others' | 'waiting'>, Partial<Pick<DrainSetRecord, 'others' | 'waiting'>> {
  _id: string;
  /** When the latest ruling was made; absent once the workflow has applied that. */
  untoldSince?: number;
  /** Absent once the set is over. */
  unfinished?: true;
}

export const drainSetDocumentSchema = new Schema<DrainSetDocument>(
  {
    _id: { type: String, required: true },
    actor: {
      type: new Schema(
        { by: { type: String, required: true }, byId: String, from: { type: String, default: null } },
        PART_OPTIONS,
      ),
      required: true,
    },
    scopes: { type: [[String]], default: undefined },
    at: { type: Number, required: true },
    reason: { type: String, default: '' },
    labels: { type: [String], required: true },
    maxUnavailable: { type: Number, required: true },
    patienceMs: { type: Number, default: null },
    onDeadline: { type: String, enum: ON_DEADLINE, required: true },
    notBefore: Number,
    until: Number,
    window: String,
    update: new Schema(
      {
        version: { type: String, required: true },
        downgrade: { type: Boolean, required: true },
        maxFailures: { type: Number, required: true },
        timeoutMs: { type: Number, required: true },
      },
      PART_OPTIONS,
    ),
    ruling: {
      type: new Schema(
        {
          seq: { type: Number, required: true },
          value: { type: String, enum: [...DRAIN_SET_WISHES, HOLD], required: true },
          at: { type: Number, required: true },
          by: { type: String, required: true },
        },
        PART_OPTIONS,
      ),
      required: true,
    },
    members: {
      type: [
        new Schema(
          {
            uid: { type: String, required: true },
            name: { type: String, required: true },
            state: { type: String, enum: DRAIN_MEMBER_STATES, required: true },
            since: { type: Number, required: true },
            reason: { type: String, default: '' },
            seq: Number,
          },
          PART_OPTIONS,
        ),
      ],
      required: true,
    },
    state: { type: String, enum: DRAIN_SET_STATES, required: true },
    revision: { type: Number, required: true },
    rulingSeq: { type: Number, required: true },
    others: new Schema(
      {
        count: { type: Number, required: true },
        named: {
          type: [
            new Schema({ name: { type: String, required: true }, why: { type: String, required: true } }, PART_OPTIONS),
          ],
          default: [],
        },
      },
      PART_OPTIONS,
    ),
    waiting: Boolean,
    endedAt: { type: Number, default: null },
    untoldSince: Number,
    unfinished: { type: Boolean, enum: [true] },
  },
  { ...SCHEMA_OPTIONS, collection: DRAIN_SETS },
);

drainSetDocumentSchema.index({ at: -1, _id: -1 });
drainSetDocumentSchema.index({ unfinished: 1 }, { partialFilterExpression: { unfinished: { $exists: true } } });
