import type { Decision, DecisionAction, OnDeadline } from './decision.js';
import type { Phase } from './phase.js';
import type { CachedSession, SessionResources } from './sessions.js';
import type { Approval, Availability, Condition, EpochMs, Liveness, NodeType } from './states.js';

/** The workflow that is a node's life: its type's name, its id, and what can be said to it. */
export const LIFECYCLE_WORKFLOW = 'nodeLifecycle';

export function lifecycleWorkflowId(nodeId: string): string {
  return `lifecycle-${nodeId}`;
}

/** Signals that are no decisions; each decision's signal has the name of its action. */
export const HEARTBEAT_SIGNAL = 'heartbeat';
export const SESSIONS_REPORTED_SIGNAL = 'sessionsReported';
/** Somebody has seen in the record that the node is silent: it is to look now. */
export const SILENCE_NOTICED_SIGNAL = 'silenceNoticed';
export const LIFECYCLE_QUERY = 'lifecycle';
export const SESSION_CACHE_QUERY = 'sessionCache';
/** Updates: their caller must hear a no. */
export const OPEN_SESSION_UPDATE = 'openSession';
export const TERMINATE_SESSION_UPDATE = 'terminateSession';

/** Every signal names the incarnation it is for; another incarnation's is ignored. */
interface Addressed {
  uid: string;
}

/** The whole desired state, so that a later signal makes up for a lost one. */
export interface DecisionSignal extends Addressed {
  action: DecisionAction;
  decision: Decision;
  /** Whoever sends it does not see that it was applied: a workflow that has nothing to learn from it says again what it knows. */
  again?: true;
}

export type SilenceNoticedSignal = Addressed;

export interface HeartbeatSignal extends Addressed {
  /** When the api received the heartbeat, by the api's clock. */
  at: EpochMs;
  bootId: string;
}

/** All sessions that the node has: the report is the truth, the workflow adopts and drops accordingly. */
export interface SessionsReportedSignal extends HeartbeatSignal {
  sessions: CachedSession[];
  /** Ids of those that have ended: what began and ended between two reports was never among `sessions`. Absent in signals of before there were any. */
  ended?: string[];
}

/**
 * Reserves a place for a session. Refused with an ApplicationFailure whose type is a PlacementRefusal (placement.ts); a
 * session that the node has already is accepted again, so that asking twice is asking once.
 */
export interface OpenSessionUpdate extends Addressed {
  session: Pick<CachedSession, 'id' | 'principal' | 'statement'> & { resources: SessionResources };
  /** All that sessions may reserve on the node, as it last reported. */
  capacity: SessionResources;
}

/** Ends a session, or gives back a place that the node was never told of. Refused with SESSION_NOT_FOUND where the node has none of this id. */
export interface TerminateSessionUpdate extends Addressed {
  sessionId: string;
  by: string;
  reason: string;
  /** The node was never told of it: the place is free at once. */
  release?: boolean;
}

/** What a workflow did to a session, for the session's record. */
export interface SessionChange {
  id: string;
  /** TERMINATING: its agent is to end it. */
  state: 'TERMINATING' | 'TERMINATED' | 'FAILED' | 'LOST';
  at: EpochMs;
  by: string;
  reason: string;
}

/** Something that a workflow saw or did. `id` is the same on every retry: writing it twice is writing it once. */
export interface LifecycleEvent {
  id: string;
  type: NodeEventType;
  at: EpochMs;
  by: string;
  reason: string;
}

/** Durations by which a node's silence is judged, in milliseconds. */
export interface LivenessPolicy {
  /** Silence after which a node is UNHEALTHY. */
  disconnectTimeoutMs: number;
  /** Further silence after which it is UNKNOWN. */
  unknownTimeoutMs: number;
  /** Further silence after which it is removed; 0 is never. */
  removeAfterMs: number;
}

/** A drain in the eyes of people: what is left, since when, by whom, and what happens at its deadline. */
export interface DrainView {
  /** seq of its ruling. Absent in views of before it was told. */
  seq?: number;
  since: EpochMs;
  by: string;
  reason: string;
  deadline?: EpochMs;
  onDeadline: OnDeadline;
  /** The deadline has passed and the remaining sessions were told to end. */
  terminating: boolean;
  /** When the deadline was acted upon; absent where it was not. */
  deadlinePassedAt?: EpochMs;
  /** Decommission: the node is removed when the drain is done. */
  thenRemove: boolean;
  /** Ids of the sessions that are waited for. */
  remaining: string[];
}

/** What the `lifecycle` query answers and what the workflow projects into MongoDB. */
export interface LifecycleView {
  nodeId: string;
  uid: string;
  /** seq of the decision that is applied. */
  seq: number;
  /** That decision's id. Absent where it has none. */
  decisionId?: string;
  /** Rises with every change of this view, over continue-as-new too: what fences projections. */
  revision: number;
  phase: Phase;
  approval: Condition<Approval>;
  availability: Condition<Availability>;
  liveness: Condition<Liveness>;
  /** seq of the availability ruling whose drain is done; 0 where none is. */
  drainedSeq: number;
  drain?: DrainView;
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** Silence beyond this moment makes the node less alive than it is now. Absent where nothing is awaited. */
  deadline?: EpochMs;
  activeSessions: number;
  /** It is UNKNOWN, and its sessions are kept all the same: so many nodes are silent that the cause is likelier elsewhere (docs/adr/0024). */
  sessionsHeld?: true;
  /** What its sessions reserve together. Absent in views of before there were reservations. */
  reserved?: SessionResources;
}

/** The `sessionCache` query's answer. */
export interface SessionCacheView {
  sessions: CachedSession[];
  /** When the node last reported its sessions. */
  reportedAt?: EpochMs;
}

/** What a workflow run hands to the next one (continue-as-new), or MongoDB's record to a workflow that starts anew. */
export interface CarriedLifecycle {
  revision: number;
  liveness: Condition<Liveness>;
  drainedSeq: number;
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** Control-plane blindness that counts in the node's favour since its last heartbeat, in milliseconds. */
  blindMs: number;
  /** How much of its silence was within mass silences, in milliseconds. Absent: none. */
  heldMs?: number;
  /** Its sessions are kept though it is UNKNOWN. */
  sessionsHeld?: true;
  sessions: CachedSession[];
  sessionsReportedAt?: EpochMs;
  /** When the drain of `drainedSeq` was done. */
  drainedAt?: EpochMs;
  /** The drain whose deadline has passed (seq of its ruling), and when that was acted upon. */
  deadlinePassed?: { seq: number; at: EpochMs };
  /** What nobody was told of yet. */
  untold?: UntoldNews;
}

/** What a run that ends in the middle of news leaves for the next one to tell. */
export interface UntoldNews {
  events: LifecycleEvent[];
  sessionChanges: SessionChange[];
  /** Sessions that were given up because of their node's silence: they are taken back where it is heard before anybody was told. */
  givenUp: CachedSession[];
}

export interface LifecycleInput {
  nodeId: string;
  uid: string;
  type: NodeType;
  decision: Decision;
  policy: LivenessPolicy;
  /** Between telling a session to end and giving it up, in milliseconds. */
  terminationGraceMs: number;
  /** How long a node may take to confirm a session before its place is given back, in milliseconds. Absent: a minute. */
  confirmTimeoutMs?: number;
  /** Events after which a run continues as new. */
  maxRunEvents: number;
  /** Of a run that begins, no look for heartbeats comes sooner than this, so that a large fleet that starts is not all looked at at once. In milliseconds; absent: 0. */
  firstLookMs?: number;
  carried?: CarriedLifecycle;
}

/** Why a lifecycle ended, as the workflow's result. */
export interface LifecycleOutcome {
  nodeId: string;
  uid: string;
  removedAt: EpochMs;
  by: string;
  reason: string;
}

/** What was decided about a node or done with its tokens, in the past tense; the api writes these, and they are audited. */
export const DECIDED_EVENTS = [
  'SlotCreated',
  'NodeJoined',
  'NodeApproved',
  'NodeRejected',
  'NodeActivated',
  'NodeDeactivated',
  'NodeDecommissioned',
  'NodeDeleted',
  'NodeEdited',
  'TokenIssued',
  'TokenUsed',
  'TokenRevoked',
  'IdentityCopied',
] as const;

/** What was observed of a node, or followed from a decision; the workflow writes these, and the api what agents say and do: NodeSaidGoodbye, NodeOverQuota. */
export const OBSERVED_EVENTS = [
  'NodeRestarted',
  'NodeSaidGoodbye',
  'NodeOverQuota',
  'NodeHealthy',
  'NodeUnhealthy',
  'NodeUnknown',
  'FirstHeartbeat',
  'NodeDrained',
  'DrainDeadlinePassed',
  'SessionsTerminated',
  'SessionsReleased',
  'SessionsLost',
  'NodeRemoved',
] as const;

export const NODE_EVENTS = [...DECIDED_EVENTS, ...OBSERVED_EVENTS] as const;
export type NodeEventType = (typeof NODE_EVENTS)[number];
