import type {
  LifecycleView,
  OpenSessionUpdate,
  SessionCacheView,
  TerminateSessionUpdate,
} from '../../contract/lifecycle.js';
import type { PlacementRefusal } from '../../contract/placement.js';
import type { CachedSession } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../record/node-record.js';

/** Which incarnation of which node is spoken to. */
export interface NodeAddress {
  uid: string;
  name: string;
}

/** A node, and what its workflow has said of it; null before it said anything. */
export interface SpokenForNode extends NodeAddress {
  applied: object | null;
}

/** Temporal does not answer, or the node has no running workflow. The record stands, and the reconciler makes up for what was not said. */
export class LifecycleUnavailable extends Error {
  override readonly name: string = 'LifecycleUnavailable';
}

/** Temporal answers, and this one workflow does not take what it was told: it is at a limit, or broken. Others may well take theirs. */
export class LifecycleRefused extends LifecycleUnavailable {
  override readonly name = 'LifecycleRefused';
}

/** A workflow that is no lifecycle runs under the id that the node's would have: only people can say what becomes of it. */
export class LifecycleIdTaken extends LifecycleUnavailable {
  override readonly name = 'LifecycleIdTaken';
}

/**
 * What the api says to and asks of lifecycle workflows. Every method answers within about two seconds; those that
 * return a promise reject with LifecycleUnavailable where Temporal does not answer. Callers commit to the record
 * first and go on without Temporal: nothing that is said here is known here only.
 */
export abstract class LifecycleSignals {
  /**
   * Starts the node's workflow where it does not run; one of an earlier incarnation is ended first.
   * One that has ended because its node was removed is not begun again: the record has forgotten that, and is told.
   * @returns `runs` where there was nothing to start
   */
  abstract ensureStarted(node: NodeRecord): Promise<'started' | 'runs'>;

  /**
   * Starts the workflow of a living node anew from what the record knows of it, in place of the one that runs: that one takes
   * nothing any more. In one step, so that the node is never without.
   */
  abstract rebuild(node: NodeRecord): Promise<void>;

  /**
   * Starts the workflow of a node that was heard before it had one, and tells it of that heartbeat in the same step, so that
   * its first task settles both. A workflow that runs under the node's name already only hears of the heartbeat.
   */
  abstract startHeard(node: NodeRecord, heartbeat: { at: EpochMs; bootId: string }): Promise<void>;

  /** Its workflow is left to the reconciler to start: until it has spoken, it is told of no heartbeat. */
  abstract leaveStart(node: NodeAddress): void;

  /**
   * Tells the workflow the node's whole decision; starts the workflow of a living node that has none.
   * @param options.again it was told before, and the record does not show it applied: a workflow that knows it says so again
   */
  abstract signalDecision(node: NodeRecord, options?: { again: boolean }): Promise<void>;

  /**
   * Tells the workflow of a heartbeat. Never waits, never throws and never starts a workflow; it is dropped when too many
   * are under way, since the evidence in the record makes up for it.
   */
  abstract signalHeartbeat(node: SpokenForNode, heartbeat: { at: EpochMs; bootId: string }): void;

  /** Tells the workflow all sessions that the node has, and the ids of those that have ended. */
  abstract reportSessions(
    node: NodeAddress,
    report: { at: EpochMs; bootId: string; sessions: CachedSession[]; ended?: string[] },
  ): Promise<void>;

  /**
   * Reserves a place for a session on the node.
   * @returns why the node refuses; undefined where it does not. A node without a running workflow refuses as one that is not active.
   */
  abstract openSession(
    node: NodeAddress,
    request: Omit<OpenSessionUpdate, 'uid'>,
  ): Promise<PlacementRefusal | undefined>;

  /** Ends a session of the node, or gives back a place that it was never told of. One that the workflow does not know is none of its business. */
  abstract terminateSession(node: NodeAddress, request: Omit<TerminateSessionUpdate, 'uid'>): Promise<void>;

  abstract querySessionCache(node: NodeAddress): Promise<SessionCacheView>;

  abstract queryLifecycle(node: NodeAddress): Promise<LifecycleView>;
}
