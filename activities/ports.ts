import type { LifecycleView, LivenessPolicy, NodeEventType, SessionChange } from '../contract/lifecycle.js';
import type { EpochMs } from '../contract/states.js';

/** What the activities need of the world, named by need. MongoDB adapters in src/mongo implement them. */

/** Something that the lifecycle workflow saw or did. `id` is the same on every retry: writing it twice is writing it once. */
export interface LifecycleEvent {
  id: string;
  type: NodeEventType;
  at: EpochMs;
  by: string;
  reason: string;
}

/** The workflow's view of a node, to be written where people read. */
export interface Projection {
  view: LifecycleView;
  /** In the order in which they happened. A record that has ended already is not changed by them. */
  sessionChanges: SessionChange[];
  sessionsReportedAt?: EpochMs;
  events: LifecycleEvent[];
}

export interface NodeProjectionStore {
  /**
   * Writes the view where the stored revision is lower than `view.revision`, and the events whether it is or not.
   * A node that does not exist (any more) is no error: there is nothing to tell people about it.
   */
  project(projection: Projection): Promise<void>;
  /**
   * Removes the node where decision `seq` is still its latest: revokes its credentials and frees its name, together with the events.
   * @returns `superseded` where a later decision exists: the caller must wait for it instead of ending.
   */
  remove(projection: Projection, seq: number): Promise<'removed' | 'superseded'>;
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

export interface HeartbeatStore {
  /** Evidence of life for one node. */
  evidenceFor(request: EvidenceRequest): Promise<HeartbeatEvidence>;
  /** How many nodes have a lifecycle, roughly: what paces the looks. */
  fleetSize(): Promise<number>;
}

export interface SessionTerminator {
  /** Asks the node's agent to end these of its sessions; asking twice is asking once. */
  requestTermination(request: { uid: string; sessionIds: string[]; by: string; reason: string }): Promise<void>;
}

export interface ActivityPorts {
  nodes: NodeProjectionStore;
  heartbeats: HeartbeatStore;
  sessions: SessionTerminator;
  /** The policy in force, read at each look so that running workflows follow a changed configuration. */
  policy: () => LivenessPolicy;
  /** How often nodes are configured to beat, in milliseconds. */
  heartbeatIntervalMs: number;
  maxLivenessChecksPerSecond: number;
}
