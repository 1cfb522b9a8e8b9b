import type { OnDeadline } from './decision.js';
import type { EpochMs } from './states.js';

/** The workflow that drains a set of nodes a few at a time: its type's name. */
export const DRAIN_SET_WORKFLOW = 'drainSet';
/** The same for sets that update their nodes' agents: a type of its own, so that workers from before updates do not run it. */
export const AGENT_UPDATE_WORKFLOW = 'agentUpdate';

export function drainSetWorkflowId(id: string, update?: AgentUpdate): string {
  return `${update === undefined ? 'drain-set' : 'agent-update'}-${id}`;
}

export const DRAIN_SET_PROGRESS_QUERY = 'progress';

/** What can be asked of a running set. Also the names of the workflow's signals. */
export const DRAIN_SET_WISHES = ['resume', 'pause', 'cancel'] as const;
export type DrainSetWish = (typeof DRAIN_SET_WISHES)[number];

/** Stops a set in which too many agents could not be updated. Also the signal's name. */
export const HOLD = 'hold';

/** The desired state of a set. Each change has `seq + 1`, so that the latest makes up for lost ones. */
export interface DrainSetRuling {
  seq: number;
  value: DrainSetWish | typeof HOLD;
  at: EpochMs;
  by: string;
}

export const DRAIN_SET_STATES = [
  'RUNNING',
  /** Begins no further node; drains that are under way go on. */
  'PAUSED',
  /** As PAUSED, but by itself: too many updates of agents failed. */
  'HELD',
  /** Begins no further node, and activates those that it is still draining. */
  'CANCELLING',
  'CANCELLED',
  'DONE',
] as const;
export type DrainSetState = (typeof DRAIN_SET_STATES)[number];

export const DRAIN_MEMBER_STATES = [
  /** Its turn has not come. */
  'QUEUED',
  'DRAINING',
  /** Drained, and its agent is to become another version. */
  'UPDATING',
  'DRAINED',
  /** Its agent runs the version, and it is active again. */
  'UPDATED',
  /** Its agent did not become the version; it is active again with the one that it had. */
  'FAILED',
  /** Its agent's configuration does not let the api say which version runs. */
  'NOT_MANAGED',
  /** It was draining or drained before its turn came; or its agent ran the version. */
  'ALREADY',
  /** It could not be deactivated. */
  'SKIPPED',
  /** Somebody activated it again before it was drained. */
  'ACTIVATED',
  'REJECTED',
  'REMOVED',
  /** It was activated again because the set was cancelled. */
  'RELEASED',
  /** The set was cancelled before its turn came. */
  'NOT_BEGUN',
] as const;
export type DrainMemberState = (typeof DRAIN_MEMBER_STATES)[number];

/** States of nodes that the set is done with. */
export type DrainMemberOutcome = Exclude<DrainMemberState, 'QUEUED' | 'DRAINING' | 'UPDATING'>;

/** A node of a set, the incarnation that it was when the set was made. */
export interface DrainSetNode {
  uid: string;
  name: string;
}

export interface DrainSetMember extends DrainSetNode {
  state: DrainMemberState;
  since: EpochMs;
  /** Why it is in this state, where that needs saying. */
  reason: string;
  /** seq of the node's decision that began its drain. */
  seq?: number;
}

/** A node's turn has come and is not over. */
export function isUnderWay({ state }: Pick<DrainSetMember, 'state'>): boolean {
  return state === 'DRAINING' || state === 'UPDATING';
}

/** What each node's agent is to become while the node is drained; the node is activated again afterwards. */
export interface AgentUpdate {
  version: string;
  /** Agents of later versions are to become this one too. */
  downgrade: boolean;
  /** The number of FAILED nodes at which the set is held. */
  maxFailures: number;
  /** How long a drained node's new agent may take to be heard before the node is FAILED, in milliseconds. */
  timeoutMs: number;
}

/** Nodes of a set that are unavailable for other reasons. They count against the budget. */
export interface UnavailableOthers {
  count: number;
  /** Some of them, at most `OTHERS_NAMED`, for people. */
  named: { name: string; why: string }[];
}

export const NO_OTHERS: UnavailableOthers = { count: 0, named: [] };
export const OTHERS_NAMED = 20;

/** `node-3 (UNKNOWN), node-7 (REJECTED by ada) and 2 more`. */
export function tellOthers({ count, named }: UnavailableOthers): string {
  const some = named.map(({ name, why }) => `${name} (${why})`).join(', ');
  return count > named.length ? `${some} and ${count - named.length} more` : some;
}

/** What the `progress` query answers, and what a run hands to the next one. */
export interface DrainSetProgress {
  state: DrainSetState;
  /** Increases with every change, across continue-as-new: the fence of projections. */
  revision: number;
  /** seq of the ruling that is applied. */
  rulingSeq: number;
  members: DrainSetMember[];
  others: UnavailableOthers;
  /** Because of them no further node begins. */
  waiting: boolean;
}

export interface DrainSetInput {
  id: string;
  /** Who asked for it. */
  by: string;
  reason: string;
  /** What chose the nodes, for people. */
  labels: string[];
  /** The budget: how many of its nodes may be unavailable at once, whatever the reason. Nodes that it has drained do not count. */
  maxUnavailable: number;
  /** Patience of each node's drain, in milliseconds; null: without limit. */
  patienceMs: number | null;
  onDeadline: OnDeadline;
  /** No node begins before this moment. Absent: at once. */
  notBefore?: EpochMs;
  /** The maintenance window within which nodes begin. Absent: they begin at any time. */
  window?: string;
  /** Absent: the nodes are drained, and stay so. */
  update?: AgentUpdate;
  /** Failures before the set was last resumed: they no longer count. */
  forgiven?: number;
  ruling: DrainSetRuling;
  /** The nodes, in the order of their turns. */
  members: DrainSetMember[];
  revision: number;
  /** Events after which a run continues as new. */
  maxRunEvents: number;
}

/** How a set ended, as the workflow's result. */
export type DrainSetOutcome = Record<DrainMemberState, number>;

/** A set has at most this many nodes: it must fit a workflow's state. */
export const MAX_DRAIN_SET_NODES = 1_000;
/** Default of {@link AgentUpdate.timeoutMs}, in milliseconds. */
export const UPDATE_TIMEOUT_MS = 20 * 60_000;
/** Upper bound of the budget. */
export const MAX_UNAVAILABLE = 100;

/** Whether the set is over. */
export function isDrainSetOver(state: DrainSetState): boolean {
  return state === 'CANCELLED' || state === 'DONE';
}

/** How many nodes are in which state. */
export function countMembers(members: readonly Pick<DrainSetMember, 'state'>[]): Record<DrainMemberState, number> {
  const counts = Object.fromEntries(DRAIN_MEMBER_STATES.map((state) => [state, 0])) as Record<DrainMemberState, number>;
  for (const { state } of members) counts[state] += 1;
  return counts;
}
