import type { OnDeadline } from './decision.js';
import type { EpochMs } from './states.js';

/** A version of the agent as it appears in package names. A string of this form is safe as part of a path. */
export const AGENT_VERSION_PATTERN = /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]{1,32})?$/;

/** Type of the workflow that drains a set of nodes a few at a time. */
export const DRAIN_SET_WORKFLOW = 'drainSet';
/** Type of the workflow for sets that update agents. A separate type, so that workers from before updates do not run it. */
export const AGENT_UPDATE_WORKFLOW = 'agentUpdate';

export function drainSetWorkflowId(id: string, update?: AgentUpdate): string {
  return `${update === undefined ? 'drain-set' : 'agent-update'}-${id}`;
}

export const DRAIN_SET_PROGRESS_QUERY = 'progress';

/** Requests to a running set. Also the names of the workflow's signals. */
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
  /** Starts no further node; drains that are under way go on. */
  'PAUSED',
  /** Like PAUSED, but automatic: too many updates of agents failed. */
  'HELD',
  /** Starts no further node, and activates those that it is still draining. */
  'CANCELLING',
  'CANCELLED',
  'DONE',
] as const;
export type DrainSetState = (typeof DRAIN_SET_STATES)[number];

export const DRAIN_MEMBER_STATES = [
  /** Its turn has not come. */
  'QUEUED',
  'DRAINING',
  /** Drained; its agent is being updated. */
  'UPDATING',
  'DRAINED',
  /** Its agent runs the new version, and it is active again. */
  'UPDATED',
  /** Its agent was not updated; it is active again with the previous version. */
  'FAILED',
  /** Its agent's configuration does not let the api decide which version runs. */
  'NOT_MANAGED',
  /** It was draining or drained before its turn came, or its agent had the version already. */
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

/** A node of a set, in the incarnation that it had when the set was created. */
export interface DrainSetNode {
  uid: string;
  name: string;
}

export interface DrainSetMember extends DrainSetNode {
  state: DrainMemberState;
  since: EpochMs;
  /** Why it is in this state, if that needs explanation. */
  reason: string;
  /** seq of the node's decision that started its drain. */
  seq?: number;
}

/** A node whose turn has come and is not over. */
export function isUnderWay({ state }: Pick<DrainSetMember, 'state'>): boolean {
  return state === 'DRAINING' || state === 'UPDATING';
}

/** The version that each node's agent is updated to while the node is drained; the node is activated again afterwards. */
export interface AgentUpdate {
  version: string;
  /** Downgrades agents of later versions too. */
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

/** The answer of the `progress` query, and the state handed to the next run. */
export interface DrainSetProgress {
  state: DrainSetState;
  /** Increases with every change, across continue-as-new: the fence of projections. */
  revision: number;
  /** seq of the ruling that is applied. */
  rulingSeq: number;
  members: DrainSetMember[];
  others: UnavailableOthers;
  /** Whether these keep the next node from starting. */
  waiting: boolean;
}

export interface DrainSetInput {
  id: string;
  /** Its author. */
  by: string;
  reason: string;
  /** The selection of its nodes, for people. */
  labels: string[];
  /** The budget: how many of its nodes may be unavailable at once, for whatever reason. Nodes that it has drained do not count. */
  maxUnavailable: number;
  /** Time limit of each node's drain, in milliseconds; null for none. */
  patienceMs: number | null;
  onDeadline: OnDeadline;
  /** No node starts before this time. Absent: at once. */
  notBefore?: EpochMs;
  /** The maintenance window within which nodes start. Absent: they start at any time. */
  window?: string;
  /** Absent: the nodes are drained, and stay so. */
  update?: AgentUpdate;
  /** Failures before the set was last resumed, which no longer count. */
  forgiven?: number;
  ruling: DrainSetRuling;
  /** The nodes, in the order of their turns. */
  members: DrainSetMember[];
  revision: number;
  /** Number of events after which a run continues as new. */
  maxRunEvents: number;
}

/** How a set ended, as the workflow's result. */
export type DrainSetOutcome = Record<DrainMemberState, number>;

/** Maximum number of nodes of a set, which must fit into a workflow's state. */
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
