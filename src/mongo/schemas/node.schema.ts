import { Schema } from 'mongoose';
import { DECISION_ACTIONS, ON_DEADLINE, RULING_ORIGINS, type Decision } from '../../../contract/decision.js';
import type { NodeCondition } from '../../../contract/fitness.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import { PHASES, type Phase } from '../../../contract/phase.js';
import type { NodeInfo } from '../../../contract/schemas/agents.js';
import { APPROVALS, LIVENESSES, NODE_TYPES, type Liveness, type NodeType } from '../../../contract/states.js';
import type { AgentWish, CopiedIdentity, NodeCredential } from '../../record/node-record.js';
import type { ListKeys } from '../list-keys.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const NODES = 'nodes';

export interface NodeDocument {
  /** The uid. */
  _id: string;
  name: string;
  /** Absent once the node is removed, so that its name is free again. */
  living?: true;
  type: NodeType;
  /** Pairs, since label keys may hold dots, which a document's keys should not. */
  labels: { key: string; value: string }[];
  agentLabels?: string[];
  description: string;
  decision: Decision;
  phase: Phase;
  liveness: Liveness;
  applied: { seq: number; revision: number; view: LifecycleView; run?: string } | null;
  /** When the latest decision was committed; absent once the workflow has applied it. */
  unappliedSince?: number;
  credential: NodeCredential | null;
  copied?: CopiedIdentity | null;
  info: NodeInfo | null;
  conditions?: NodeCondition[];
  /** By which heartbeat. */
  conditionsTold?: { bootId: string; seq: number };
  agentWish?: AgentWish;
  /** Of sessions, ever: each assignment writes it, so that it and a decision about the node come one after the other. */
  assignments?: number;
  /** Absent where a version of before there were any made it: mended by the reconciler. */
  listed?: ListKeys;
  createdAt: number;
  joinedAt: number | null;
  removedAt: number | null;
}

const mark = {
  seq: { type: Number, required: true },
  since: { type: Number, required: true },
  reason: { type: String, default: '' },
  by: { type: String, required: true },
};

const decisionSchema = new Schema<Decision>(
  {
    seq: { type: Number, required: true },
    id: String,
    lineage: { type: [String], default: undefined },
    action: { type: String, enum: DECISION_ACTIONS, required: true },
    registered: { type: Boolean, required: true },
    approval: new Schema({ value: { type: String, enum: APPROVALS, required: true }, ...mark }, PART_OPTIONS),
    availability: new Schema(
      {
        value: { type: String, enum: ['ACTIVE', 'DRAINED'], required: true },
        deadline: Number,
        onDeadline: { type: String, enum: ON_DEADLINE, required: true },
        until: Number,
        origin: { type: String, enum: RULING_ORIGINS },
        checks: { type: [String], default: undefined },
        noNewSessions: { type: Boolean, enum: [true] },
        despite: { type: [String], default: undefined },
        ...mark,
      },
      PART_OPTIONS,
    ),
    removal: new Schema({ when: { type: String, enum: ['now', 'drained'], required: true }, ...mark }, PART_OPTIONS),
    planned: new Schema(
      {
        at: { type: Number, required: true },
        until: Number,
        patienceMs: Number,
        onDeadline: { type: String, enum: ON_DEADLINE, required: true },
        ...mark,
      },
      PART_OPTIONS,
    ),
  },
  PART_OPTIONS,
);

export const nodeDocumentSchema = new Schema<NodeDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    living: { type: Boolean, enum: [true] },
    type: { type: String, enum: NODE_TYPES, required: true },
    labels: { type: [new Schema({ key: String, value: String }, PART_OPTIONS)], required: true },
    agentLabels: { type: [String], default: undefined },
    description: { type: String, default: '' },
    decision: { type: decisionSchema, required: true },
    phase: { type: String, enum: PHASES, required: true },
    liveness: { type: String, enum: LIVENESSES, required: true },
    applied: {
      type: new Schema(
        {
          seq: { type: Number, required: true },
          revision: { type: Number, required: true },
          // The workflow's own words, kept whole whatever version of it spoke.
          view: { type: Schema.Types.Mixed, required: true },
          run: String,
        },
        PART_OPTIONS,
      ),
      default: null,
    },
    unappliedSince: Number,
    credential: {
      type: new Schema(
        {
          publicKeyX: { type: String, required: true },
          generation: { type: Number, required: true },
          since: Number,
          revokedAt: Number,
        },
        PART_OPTIONS,
      ),
      default: null,
    },
    copied: {
      type: new Schema(
        { since: { type: Number, required: true }, bootIds: { type: [String], required: true } },
        PART_OPTIONS,
      ),
      default: null,
    },
    // Checked against contract/schemas/agents.ts before it comes here.
    info: { type: Schema.Types.Mixed, default: null },
    // Checked as the information is.
    conditions: { type: Schema.Types.Mixed, default: undefined },
    conditionsTold: new Schema(
      { bootId: { type: String, required: true }, seq: { type: Number, required: true } },
      PART_OPTIONS,
    ),
    agentWish: new Schema(
      {
        id: { type: String, required: true },
        version: { type: String, required: true },
        downgrade: { type: Boolean, required: true },
      },
      PART_OPTIONS,
    ),
    assignments: Number,
    listed: new Schema(
      { id: { type: String, required: true }, text: { type: String, required: true }, version: String },
      PART_OPTIONS,
    ),
    createdAt: { type: Number, required: true },
    joinedAt: { type: Number, default: null },
    removedAt: { type: Number, default: null },
  },
  { ...SCHEMA_OPTIONS, collection: NODES },
);

export const TEXT_INDEX = { 'listed.text': 1, _id: 1, living: 1 } as const;

/** All that the cluster's summary asks of a node: it reads this index and no node. */
export const SUMMARY_INDEX = {
  type: 1,
  liveness: 1,
  phase: 1,
  'applied.view.activeSessions': 1,
  _id: 1,
  living: 1,
} as const;

/** What was said ahead of time, which is of few nodes. */
export const PLANNED_INDEX = { 'decision.planned.at': 1 } as const;
export const UNTIL_INDEX = { 'decision.availability.until': 1 } as const;

const living = { partialFilterExpression: { living: true } } as const;
nodeDocumentSchema.index({ name: 1, living: 1 }, { ...living, unique: true });
nodeDocumentSchema.index({ name: 1, createdAt: -1 });
// Each filter of the node list, in the order of the list's default sort. Where nodes stand in the order of their ids, words that many have are
// looked for in the index, and in no node: such words are often parts of ids, and all on one side of the list. With `living` at the end, how many there are is counted
// without a look at the nodes; at the beginning it would make every index a candidate for every query, and the planner tries them all.
nodeDocumentSchema.index({ 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ phase: 1, 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ liveness: 1, 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'decision.approval.value': 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ type: 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'info.agentVersion': 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'labels.key': 1, 'labels.value': 1 }, living);
// Words are looked for in all of it, and in no node.
nodeDocumentSchema.index(TEXT_INDEX, living);
// The other orders.
nodeDocumentSchema.index({ createdAt: 1, _id: 1 }, living);
nodeDocumentSchema.index({ 'applied.view.activeSessions': 1, 'listed.id': 1, 'listed.text': 1 }, living);
nodeDocumentSchema.index({ 'listed.version': 1, 'listed.id': 1, 'listed.text': 1 }, living);
nodeDocumentSchema.index(SUMMARY_INDEX, living);
nodeDocumentSchema.index(
  { 'applied.view.sessionsHeld': 1 },
  { partialFilterExpression: { 'applied.view.sessionsHeld': true } },
);
nodeDocumentSchema.index(
  { 'credential.publicKeyX': 1 },
  { partialFilterExpression: { 'credential.publicKeyX': { $exists: true } } },
);
// What the reconciler looks for: decisions that no workflow has applied. Removed nodes are among them.
nodeDocumentSchema.index({ unappliedSince: 1 }, { partialFilterExpression: { unappliedSince: { $exists: true } } });
// What needs somebody, and is rare: counted all the time.
nodeDocumentSchema.index({ 'copied.since': 1 }, { partialFilterExpression: { 'copied.since': { $gt: 0 } } });
nodeDocumentSchema.index(
  { 'decision.availability.deadline': 1 },
  { partialFilterExpression: { phase: 'DRAINING', 'decision.availability.deadline': { $gt: 0 } } },
);
nodeDocumentSchema.index(
  { 'conditions.status': 1, 'conditions.type': 1 },
  { partialFilterExpression: { 'conditions.status': { $exists: true } } },
);
// Out by a check, and held back by the budget: counted for each further one.
nodeDocumentSchema.index(
  { 'decision.availability.checks': 1 },
  { partialFilterExpression: { 'decision.availability.checks': { $exists: true } } },
);
nodeDocumentSchema.index(
  { 'applied.view.heldBack.since': 1 },
  { partialFilterExpression: { 'applied.view.heldBack.since': { $exists: true } } },
);
nodeDocumentSchema.index(PLANNED_INDEX, { partialFilterExpression: { 'decision.planned.at': { $gt: 0 } } });
nodeDocumentSchema.index(UNTIL_INDEX, { partialFilterExpression: { 'decision.availability.until': { $gt: 0 } } });
// Removed ones whose time has come.
nodeDocumentSchema.index({ removedAt: 1 }, { partialFilterExpression: { removedAt: { $type: 'number' } } });
