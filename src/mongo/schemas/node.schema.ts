import { Schema } from 'mongoose';
import { DECISION_ACTIONS, ON_DEADLINE, RULING_ORIGINS, type Decision } from '../../../contract/decision.js';
import type { NodeCondition } from '../../../contract/fitness.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import { PHASES, type Phase } from '../../../contract/phase.js';
import type { NodeInfo } from '../../../contract/schemas/agents.js';
import { APPROVALS, LIVENESSES, NODE_TYPES, type Liveness, type NodeType } from '../../../contract/states.js';
import type { AgentWish, CopiedIdentity, NodeCredential, NodeOrigin } from '../../record/node-record.js';
import type { ListKeys } from '../list-keys.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const NODES = 'nodes';

export interface NodeDocument {
  /** The uid. */
  _id: string;
  name: string;
  /** Absent once the node is removed, which frees its name. */
  living?: true;
  type: NodeType;
  /** Pairs, since label keys may contain dots, which field names should not. */
  labels: { key: string; value: string }[];
  agentLabels?: string[];
  description: string;
  origin?: NodeOrigin;
  removeAfterMs?: number;
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
  /** The heartbeat that reported the conditions. */
  conditionsTold?: { bootId: string; seq: number };
  agentWish?: AgentWish;
  /** Number of assigned sessions so far: each assignment writes it, so that assignments and decisions are serialized. */
  assignments?: number;
  /** Absent in nodes from before list keys existed, until the reconciler adds them. */
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
        beneath: new Schema(
          {
            value: { type: String, enum: ['ACTIVE', 'DRAINED'], required: true },
            deadline: Number,
            onDeadline: { type: String, enum: ON_DEADLINE, required: true },
            checks: { type: [String], required: true },
            noNewSessions: { type: Boolean, enum: [true] },
            reason: { type: String, default: '' },
            by: { type: String, required: true },
          },
          PART_OPTIONS,
        ),
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
    origin: new Schema(
      { token: { type: String, required: true }, from: { type: String, required: true } },
      PART_OPTIONS,
    ),
    removeAfterMs: Number,
    decision: { type: decisionSchema, required: true },
    phase: { type: String, enum: PHASES, required: true },
    liveness: { type: String, enum: LIVENESSES, required: true },
    applied: {
      type: new Schema(
        {
          seq: { type: Number, required: true },
          revision: { type: Number, required: true },
          // The workflow's view as it is, from whichever version.
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
    // Validated by contract/schemas/agents.ts.
    info: { type: Schema.Types.Mixed, default: null },
    // Validated likewise.
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

/** Covers the cluster's summary, which reads this index and no document. */
export const SUMMARY_INDEX = {
  type: 1,
  liveness: 1,
  phase: 1,
  'applied.view.activeSessions': 1,
  _id: 1,
  living: 1,
} as const;

/** Planned deactivations, which few nodes have. */
export const PLANNED_INDEX = { 'decision.planned.at': 1 } as const;
export const UNTIL_INDEX = { 'decision.availability.until': 1 } as const;

const living = { partialFilterExpression: { living: true } } as const;
nodeDocumentSchema.index({ name: 1, living: 1 }, { ...living, unique: true });
nodeDocumentSchema.index({ name: 1, createdAt: -1 });
// Each filter of the node list, in the order of the list's default sort. The index by id includes the text, so that a search for common words
// reads the index alone: such words are often parts of ids, and then all at one end of the list. `living` at the end lets matches be counted
// from the index; at the beginning it would make every index a candidate for every query, and the planner tries all candidates.
nodeDocumentSchema.index({ 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ phase: 1, 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ liveness: 1, 'listed.id': 1, 'listed.text': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'decision.approval.value': 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ type: 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'info.agentVersion': 1, 'listed.id': 1, living: 1 }, living);
nodeDocumentSchema.index({ 'labels.key': 1, 'labels.value': 1 }, living);
// Searches scan this index and read no document.
nodeDocumentSchema.index(TEXT_INDEX, living);
// The other sort orders.
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
// For the reconciler: decisions that no workflow has applied, including those about removed nodes.
nodeDocumentSchema.index({ unappliedSince: 1 }, { partialFilterExpression: { unappliedSince: { $exists: true } } });
// Rare conditions that need attention, and are counted all the time.
nodeDocumentSchema.index({ 'copied.since': 1 }, { partialFilterExpression: { 'copied.since': { $gt: 0 } } });
nodeDocumentSchema.index(
  { 'decision.availability.deadline': 1 },
  { partialFilterExpression: { phase: 'DRAINING', 'decision.availability.deadline': { $gt: 0 } } },
);
nodeDocumentSchema.index(
  { 'conditions.status': 1, 'conditions.type': 1 },
  { partialFilterExpression: { 'conditions.status': { $exists: true } } },
);
// Nodes in quarantine or held back by the budget: counted before each further quarantine.
nodeDocumentSchema.index(
  { 'decision.availability.checks': 1 },
  { partialFilterExpression: { 'decision.availability.checks': { $exists: true } } },
);
nodeDocumentSchema.index(
  { 'decision.availability.beneath.checks': 1 },
  { partialFilterExpression: { 'decision.availability.beneath.checks': { $exists: true } } },
);
nodeDocumentSchema.index(
  { 'applied.view.heldBack.since': 1 },
  { partialFilterExpression: { 'applied.view.heldBack.since': { $exists: true } } },
);
nodeDocumentSchema.index(PLANNED_INDEX, { partialFilterExpression: { 'decision.planned.at': { $gt: 0 } } });
nodeDocumentSchema.index(UNTIL_INDEX, { partialFilterExpression: { 'decision.availability.until': { $gt: 0 } } });
// Removed nodes whose retention has ended.
nodeDocumentSchema.index({ removedAt: 1 }, { partialFilterExpression: { removedAt: { $type: 'number' } } });
