import {
  cancelAgentUpdate,
  cancelDrain,
  createAgentUpdate,
  createDrain,
  getAgentUpdate,
  getDrain,
  listAgentUpdates,
  listDrains,
  pauseAgentUpdate,
  pauseDrain,
  resumeAgentUpdate,
  resumeDrain,
  type AgentUpdate,
  type CreateAgentUpdateRequest,
  type CreateDrainRequest,
  type DrainSet,
} from '../../../client/index.js';
import type { DrainSetWish } from '../../../contract/drain-set.js';
import type { Role } from '../../../contract/grants.js';
import { answerOf } from '../api/answer-of.js';
import { plural } from '../parts/size-text.js';

export type NodeSet = DrainSet | AgentUpdate;
export type NodeSetMember = NonNullable<DrainSet['nodes']>[number];
/** The request; that of an update has a version. */
export type NewSet = CreateDrainRequest & Partial<CreateAgentUpdateRequest>;
interface PageQuery {
  limit: number;
  cursor?: string;
}
type Headers = { 'Idempotency-Key': string };

/** Differences between drains of sets of nodes and agent updates. */
export interface SetKind {
  /** Path of the list; each set is below it, by its id. */
  path: '/drains' | '/agent-updates';
  title: string;
  one: string;
  many: string;
  /** Role that may create and control them. */
  role: Role;
  start: string;
  about: string;
  onPause: string;
  onCancel: string;
  list: (query: PageQuery, signal: AbortSignal) => Promise<{ items: NodeSet[]; nextCursor: string | null }>;
  get: (id: string, signal: AbortSignal) => Promise<NodeSet>;
  rule: (id: string, wish: DrainSetWish) => Promise<NodeSet>;
  create: (body: NewSet, headers: Headers) => Promise<NodeSet>;
}

export const DRAINS: SetKind = {
  path: '/drains',
  title: 'Drains',
  one: 'drain',
  many: 'drains',
  role: 'operator',
  start: 'Start a drain',
  about: 'Nodes with the same labels are drained a few at a time, and stay drained until somebody activates them.',
  onPause: 'No further node starts; those that drain go on.',
  onCancel:
    'No further node starts, and draining ones are activated again. Nodes that are drained already stay so. It cannot be resumed.',
  list: (query, signal) => answerOf(listDrains({ query, signal })),
  get: (id, signal) => answerOf(getDrain({ path: { id }, signal })),
  rule: (id, wish) => answerOf({ pause: pauseDrain, resume: resumeDrain, cancel: cancelDrain }[wish]({ path: { id } })),
  create: (body, headers) => answerOf(createDrain({ body, headers })),
};

export const AGENT_UPDATES: SetKind = {
  path: '/agent-updates',
  title: 'Agent updates',
  one: 'agent update',
  many: 'agent updates',
  role: 'admin',
  start: 'Start an update',
  about:
    'Nodes with the same labels are drained a few at a time, their agents are updated, and the nodes are activated again.',
  onPause: 'No further node starts; those under way go on.',
  onCancel:
    'No further node starts, and draining ones are activated again. Agents that are being updated go on. It cannot be resumed.',
  list: (query, signal) => answerOf(listAgentUpdates({ query, signal })),
  get: (id, signal) => answerOf(getAgentUpdate({ path: { id }, signal })),
  rule: (id, wish) =>
    answerOf({ pause: pauseAgentUpdate, resume: resumeAgentUpdate, cancel: cancelAgentUpdate }[wish]({ path: { id } })),
  create: ({ version = '', labels = [], nodes: _byLabelsOnly, ...body }, headers) =>
    answerOf(createAgentUpdate({ body: { ...body, labels, version }, headers })),
};

/** How the nodes of a set were selected: by their labels, or individually. */
export function chosenBy({ labels, counts }: Pick<NodeSet, 'labels' | 'counts'>): string {
  const count = Object.values(counts).reduce((sum, some) => sum + some, 0);
  return labels.length > 0 ? labels.join(', ') : `${plural(count, 'node')} by ID`;
}
