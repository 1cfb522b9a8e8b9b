import type { Decision, DecisionAction, OnDeadline, PlannedDeactivation } from './decision.js';
import { ADMIN_ACTIONS, NODE_ACTIONS, type AdminAction } from './node-actions.js';
import { PLAN_ACTIONS, PLAN_TABLE, type PlanAction } from './plan-actions.js';
import { POLICY_ACTIONS, POLICY_TABLE, type PolicyAction } from './policy-actions.js';
import type { Phase } from './phase.js';
import type { CachedSession, SessionResources } from './sessions.js';
import type { Approval, Availability, Condition, EpochMs, Liveness, NodeType } from './states.js';

/** The workflow of a node's life: its type's name, its id, and its signals. */
export const LIFECYCLE_WORKFLOW = 'nodeLifecycle';

export function lifecycleWorkflowId(nodeId: string): string {
  return `lifecycle-${nodeId}`;
}

/** Signals that are not decisions; each decision's signal has the name of its action. */
export const HEARTBEAT_SIGNAL = 'heartbeat';
export const SESSIONS_REPORTED_SIGNAL = 'sessionsReported';
/** The sweeper found the node silent in the record: the workflow looks at once. */
export const SILENCE_NOTICED_SIGNAL = 'silenceNoticed';
/** Its conditions have changed in the record: the workflow asks what follows. */
export const CONDITIONS_CHANGED_SIGNAL = 'conditionsChanged';
export const LIFECYCLE_QUERY = 'lifecycle';
export const SESSION_CACHE_QUERY = 'sessionCache';
/** Updates, since their caller must learn of a refusal. */
export const OPEN_SESSION_UPDATE = 'openSession';
export const TERMINATE_SESSION_UPDATE = 'terminateSession';

/** Every signal names the incarnation it is for; another incarnation's is ignored. */
interface Addressed {
  uid: string;
}

/** The whole desired state: a later signal makes up for a lost one. */
export interface DecisionSignal extends Addressed {
  action: DecisionAction;
  decision: Decision;
  /** Whether it is repeated, because the sender does not see it applied. A workflow that has applied the decision projects its state again. */
  again?: true;
}

export type SilenceNoticedSignal = Addressed;
export type ConditionsChangedSignal = Addressed;

export interface HeartbeatSignal extends Addressed {
  /** When the api received the heartbeat, by the api's clock. */
  at: EpochMs;
  bootId: string;
}

/** All sessions of the node. The report is authoritative: the workflow adds and drops sessions accordingly. */
export interface SessionsReportedSignal extends HeartbeatSignal {
  sessions: CachedSession[];
  /** Ids of ended sessions, including those that began and ended between two reports. Absent in older signals. */
  ended?: string[];
}

/**
 * Reserves a place for a session. Refused with an ApplicationFailure whose type is a PlacementRefusal (placement.ts). Idempotent: a
 * session that the node has already is accepted again.
 */
export interface OpenSessionUpdate extends Addressed {
  session: Pick<CachedSession, 'id' | 'principal' | 'statement'> & { resources: SessionResources };
  /** Capacity for sessions, as the node last reported it. */
  capacity: SessionResources;
}

/** Ends a session, or releases a place that the node was never told of. Refused with SESSION_NOT_FOUND if the node has no such session. */
export interface TerminateSessionUpdate extends Addressed {
  sessionId: string;
  by: string;
  reason: string;
  /** The node was never told of it, so the place is released at once. */
  release?: boolean;
}

/** A workflow's change of a session, for the session's record. */
export interface SessionChange {
  id: string;
  /** TERMINATING: its agent is asked to end it. */
  state: 'TERMINATING' | 'TERMINATED' | 'FAILED' | 'LOST';
  at: EpochMs;
  by: string;
  reason: string;
}

/** An event recorded by a workflow. `id` is equal on every retry, so writing it is idempotent. */
export interface LifecycleEvent {
  id: string;
  type: NodeEventType;
  at: EpochMs;
  by: string;
  reason: string;
}

/** Timeouts for a node's silence, in milliseconds. */
export interface LivenessPolicy {
  /** Silence after which a node is UNHEALTHY. */
  disconnectTimeoutMs: number;
  /** Further silence after which it is UNKNOWN. */
  unknownTimeoutMs: number;
  /** Further silence after which it is removed; 0 for never. */
  removeAfterMs: number;
}

/** A drain as shown to people: what is left, since when, by whom, and what happens at its deadline. */
export interface DrainView {
  /** seq of its ruling. Absent in older views. */
  seq?: number;
  since: EpochMs;
  by: string;
  reason: string;
  deadline?: EpochMs;
  onDeadline: OnDeadline;
  /** When the node comes back by itself. Absent: not before it is activated. */
  until?: EpochMs;
  /** The deadline has passed and the remaining sessions were told to end. */
  terminating: boolean;
  /** When the deadline took effect; absent if it has not. */
  deadlinePassedAt?: EpochMs;
  /** Decommission: the node is removed when the drain is done. */
  thenRemove: boolean;
  /** Ids of the sessions that are waited for. */
  remaining: string[];
}

/** The answer of the `lifecycle` query, which the workflow also projects into MongoDB. */
export interface LifecycleView {
  nodeId: string;
  uid: string;
  /** seq of the decision that is applied. */
  seq: number;
  /** That decision's id, if it has one. */
  decisionId?: string;
  /** Increases with every change of this view, across continue-as-new: the fence of projections. */
  revision: number;
  phase: Phase;
  approval: Condition<Approval>;
  availability: Condition<Availability>;
  liveness: Condition<Liveness>;
  /** seq of the availability ruling whose drain is done; 0 if there is none. */
  drainedSeq: number;
  drain?: DrainView;
  /** A planned deactivation. */
  planned?: PlannedDeactivation;
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** Silence beyond this time lowers liveness by one step. Absent if nothing is awaited. */
  deadline?: EpochMs;
  activeSessions: number;
  /** A check would take it out, but the budget is used up. */
  heldBack?: HeldBack;
  /** UNKNOWN, with its sessions kept: a mass silence protects it (docs/adr/0024). */
  sessionsHeld?: true;
  /** Sum of its sessions' reservations. Absent in older views. */
  reserved?: SessionResources;
}

/** A quarantine that waits for its budget: since when, and which budget. */
export interface HeldBack {
  since: EpochMs;
  reason: string;
}

/** Answer of the `sessionCache` query. */
export interface SessionCacheView {
  sessions: CachedSession[];
  /** When the node last reported its sessions. */
  reportedAt?: EpochMs;
}

/** State handed to the next run (continue-as-new), or from the record to a workflow that is started again. */
export interface CarriedLifecycle {
  revision: number;
  liveness: Condition<Liveness>;
  drainedSeq: number;
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** Time since its last heartbeat in which the control plane was blind, which does not count against it, in milliseconds. */
  blindMs: number;
  /** How much of its silence was within mass silences, in milliseconds. Absent: none. */
  heldMs?: number;
  /** Its sessions are kept although it is UNKNOWN. */
  sessionsHeld?: true;
  sessions: CachedSession[];
  sessionsReportedAt?: EpochMs;
  /** When the drain of `drainedSeq` was done. */
  drainedAt?: EpochMs;
  /** The drain whose deadline has passed (seq of its ruling), and when the deadline took effect. */
  deadlinePassed?: { seq: number; at: EpochMs };
  heldBack?: HeldBack;
  /** When its conditions are looked at next. Absent: when they change. */
  fitnessLookAt?: EpochMs;
  /** Changes that are not projected yet. */
  untold?: UntoldChanges;
}

/** Unprojected changes that a run leaves to the next one. */
export interface UntoldChanges {
  events: LifecycleEvent[];
  sessionChanges: SessionChange[];
  /** Sessions given up because of silence: restored if the node is heard before their loss is projected. */
  givenUp: CachedSession[];
}

export interface LifecycleInput {
  nodeId: string;
  uid: string;
  type: NodeType;
  decision: Decision;
  policy: LivenessPolicy;
  /** Takes the place of the policy's, for an ephemeral node. In milliseconds. */
  removeAfterMs?: number;
  /** Time between telling a session to end and giving it up, in milliseconds. */
  terminationGraceMs: number;
  /** How long a node may take to confirm a session before its reservation is released, in milliseconds. Absent: one minute. */
  confirmTimeoutMs?: number;
  /** Events after which a run continues as new. */
  maxRunEvents: number;
  /** Delay before the first look of a new run, in milliseconds, which spreads the looks of a large fleet that starts. Absent: 0. */
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

/** Decisions about a node and uses of its tokens. Audited, and written by the api; NodeRemoved also by the workflow, for removals that no request decided. */
export const DECIDED_EVENTS = [
  'SlotCreated',
  'NodeJoined',
  ...ADMIN_ACTIONS.map((action) => NODE_ACTIONS[action].event),
  ...POLICY_ACTIONS.map((action) => POLICY_TABLE[action].event),
  ...PLAN_ACTIONS.map((action) => PLAN_TABLE[action].event),
  'NodeEdited',
  'TokenIssued',
  'TokenUsed',
  'TokenRevoked',
  'KeyRotated',
  'IdentityCopied',
] as const;

/** Observations, and consequences of decisions. Written by the workflow, or by the api (NodeSaidGoodbye, NodeOverQuota, NodeConditionChanged) or rollouts (those of agents). */
export const OBSERVED_EVENTS = [
  'NodeRestarted',
  'NodeSaidGoodbye',
  'NodeOverQuota',
  'NodeConditionChanged',
  'QuarantineHeldBack',
  'NodeHealthy',
  'NodeUnhealthy',
  'NodeUnknown',
  'FirstHeartbeat',
  'NodeDrained',
  'DrainDeadlinePassed',
  'SessionsTerminated',
  'SessionsReleased',
  'SessionsLost',
  'AgentUpdated',
  'AgentUpdateFailed',
] as const;

export const NODE_EVENTS = [...DECIDED_EVENTS, ...OBSERVED_EVENTS] as const;
export type NodeEventType = (typeof NODE_EVENTS)[number];

/** The event that records a decision. */
export function eventOf(action: DecisionAction): NodeEventType {
  return action === 'register' ? 'NodeJoined' : ROWS[action].event;
}

const ROWS: Record<AdminAction | PolicyAction | PlanAction, { event: NodeEventType }> = {
  ...NODE_ACTIONS,
  ...POLICY_TABLE,
  ...PLAN_TABLE,
};
