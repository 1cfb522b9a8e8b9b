import type { Decision } from '../contract/decision.js';
import type {
  CarriedLifecycle,
  LifecycleEvent,
  LifecycleView,
  LivenessPolicy,
  SessionChange,
} from '../contract/lifecycle.js';
import type { EpochMs } from '../contract/states.js';

/** Ports of the lifecycle's activities. MongoDB adapters in src/mongo implement them. */

/** The workflow's view of a node, for the record. */
export interface Projection {
  view: LifecycleView;
  /** The run that projects. Absent in older projections. */
  run?: string;
  /** In the order in which they happened. A record that has ended already is not changed by them. */
  sessionChanges: SessionChange[];
  events: LifecycleEvent[];
}

/** The verdict was about a silence that this heartbeat has ended. */
export interface HeardMeanwhile {
  is: 'alive';
  heartbeat: { at: EpochMs; bootId?: string };
}

/** The node was removed: nothing is projected. */
export interface RemovedMeanwhile {
  is: 'removed';
  at: EpochMs;
  by: string;
  reason: string;
}

/** Record and workflow have diverged: one of them was set back. See docs/adr/0018. */
export interface GoneAstray {
  is: 'astray';
}

/** Why the record refused a projection. */
export type ProjectionRefusal = HeardMeanwhile | RemovedMeanwhile | GoneAstray;

/** A removal, and what must still be true for it to happen. */
export interface RemovalRequest {
  projection: Projection;
  /** The decision that it follows from is still the latest. */
  seq: number;
  /** For a removal that follows from silence: the last heartbeat that it was judged by. */
  silentSince?: EpochMs;
}

export interface NodeProjectionStore {
  /**
   * Writes the view where the stored revision is lower than `view.revision`, and the events whether it is or not.
   * A node that the record does not know is no error: there is nothing to tell people about it.
   * @returns why nothing was written; undefined where it was
   */
  project(projection: Projection): Promise<ProjectionRefusal | undefined>;
  /**
   * Removes the node where nothing has come between: revokes its credentials and frees its name, together with the events.
   * @returns `superseded` where a later decision exists, and the heartbeat where the node was heard: the caller must not end then
   */
  remove(request: RemovalRequest): Promise<'removed' | 'superseded' | HeardMeanwhile | GoneAstray>;
}

/** What a diverged workflow knows. */
export interface HistoryRequest {
  uid: string;
  decision: Decision;
  revision: number;
}

/** What both continue from. */
export interface AgreedHistory {
  decision: Decision;
  /** The record's state of the node, where it has more than the workflow. */
  carried?: CarriedLifecycle;
}

export interface NodeHistoryStore {
  /**
   * Makes record and workflow agree: a record that has forgotten a decision gets it back, unless something else was decided since,
   * which then gets a number above both. Idempotent.
   */
  reconcile(request: HistoryRequest): Promise<AgreedHistory>;
}

export interface EvidenceRequest {
  uid: string;
  /**
   * The last heartbeat that the node's workflow knows of. The record may lag behind it: what waits to be written is lost
   * with an api that is killed.
   */
  heardAt?: EpochMs;
  /** The silence that the node is judged by, in milliseconds: the shorter it is, the shorter are the pauses of pulses that count as blind. */
  disconnectTimeoutMs: number;
}

export interface HeartbeatEvidence {
  /** The record has no such living node. */
  isGone?: true;
  /** The last heartbeat that any api replica is known to have received; absent where none ever came. */
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** The interval that the node was told with its last recorded heartbeat, in milliseconds; absent where it is the configured one. */
  intervalMs?: number;
  /** How long no api replica was recording heartbeats since the last heartbeat, in milliseconds. */
  blindMs: number;
  /** The time of the look, so that evidence and verdict use one clock. */
  now: EpochMs;
}

export interface EvidenceStore {
  /** Evidence of life for one node. */
  evidenceFor(request: EvidenceRequest): Promise<HeartbeatEvidence>;
  /** Approximate number of nodes with a lifecycle, which paces the looks. */
  fleetSize(): Promise<number>;
}

export interface MassSilencePort {
  /**
   * How much of the time since `from` was within mass silences that excuse a node's silence, in milliseconds.
   * @param disconnectTimeoutMs the node's own timeout
   */
  heldSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number>;
}

export interface SessionTerminator {
  /** Asks the node's agent to end these sessions. Idempotent. */
  requestTermination(request: { uid: string; sessionIds: string[]; by: string; reason: string }): Promise<void>;
}

/** Outcome of a look at a node's planned deactivation. */
export interface PlanLook {
  /** The latest decision, which the look may have made; absent where the node does not live. */
  decision?: Decision;
  /** When to look again, in milliseconds from now; absent where time alone changes nothing. */
  againMs?: number;
}

/** Outcome of a look at a node's conditions. */
export interface FitnessLook extends PlanLook {
  /** Why the budget holds the node back, where a check would take it out. */
  heldBack?: string;
}

export interface PlanKeeper {
  /** Decides what follows from the node's planned deactivation. Idempotent. */
  keep(uid: string): Promise<PlanLook>;
}

export interface FitnessJudge {
  /** Decides what follows from the node's conditions, within the budget. Idempotent. */
  judge(uid: string): Promise<FitnessLook>;
}

export interface ActivityPorts {
  nodes: NodeProjectionStore;
  histories: NodeHistoryStore;
  heartbeats: EvidenceStore;
  massSilence: MassSilencePort;
  sessions: SessionTerminator;
  fitness: FitnessJudge;
  plans: PlanKeeper;
  /** The policy in force, read at each look so that running workflows follow a changed configuration. */
  policy: () => LivenessPolicy;
  /** How often nodes are configured to beat, in milliseconds. */
  heartbeatIntervalMs: number;
  maxLivenessChecksPerSecond: number;
}
