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

/** The node was blamed for a silence that this heartbeat has ended. */
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
  /** What the record knows of the node, where it was told more of it than the workflow knows of. */
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
  /** The silence by which the node will be judged: the shorter it is, the less blindness may go unnoticed. In milliseconds. */
  disconnectTimeoutMs: number;
}

export interface HeartbeatEvidence {
  /** The record has no such node (any more): nothing can be said of it. */
  isGone?: true;
  /** The last heartbeat that any api replica is known to have received; absent where none ever came. */
  lastHeartbeat?: EpochMs;
  bootId?: string;
  /** How soon after its last recorded heartbeat the node was told to beat again, in milliseconds; absent where that is the configured interval. */
  intervalMs?: number;
  /**
   * How long, since the last heartbeat, no api replica was recording heartbeats: nobody could have been heard then.
   * In milliseconds.
   */
  blindMs: number;
  /** The clock of whoever looked, so that evidence and verdict use one clock. */
  now: EpochMs;
}

export interface EvidenceStore {
  /** Evidence of life for one node. */
  evidenceFor(request: EvidenceRequest): Promise<HeartbeatEvidence>;
  /** How many nodes have a lifecycle, roughly: what paces the looks. */
  fleetSize(): Promise<number>;
}

export interface MassSilencePort {
  /**
   * How much of the time since this moment was within mass silences that speak for who was silent meanwhile, in milliseconds.
   * @param disconnectTimeoutMs the node's own
   */
  heldSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number>;
}

export interface SessionTerminator {
  /** Asks the node's agent to end these sessions. Idempotent. */
  requestTermination(request: { uid: string; sessionIds: string[]; by: string; reason: string }): Promise<void>;
}

/** What came of a look at what was said of a node ahead of time. */
export interface PlanLook {
  /** The latest decision, which the look may have made; absent where the node does not live. */
  decision?: Decision;
  /** How soon time alone may change what follows, in milliseconds. Absent: it does not. */
  againMs?: number;
}

/** What came of a look at what a node's checks say. */
export interface FitnessLook extends PlanLook {
  /** Why the node is not taken out, though a check would have it out: the budget that is used up. */
  heldBack?: string;
}

export interface PlanKeeper {
  /** Decides what follows from what was said of the node ahead of time. Asking twice is asking once. */
  keep(uid: string): Promise<PlanLook>;
}

export interface FitnessJudge {
  /** Decides what follows from what the node's checks say, within the budget. Asking twice is asking once. */
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
