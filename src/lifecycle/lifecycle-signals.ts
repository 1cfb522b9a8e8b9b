import type {
  DecisionSignal,
  LifecycleInput,
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

/** A lifecycle that is to run: its node, and all that it starts with. */
export interface LifecycleStart {
  node: NodeRecord;
  input: LifecycleInput;
}

/** Temporal does not answer, or the node has no running workflow. The record stands, and the reconciler makes up for what was not said. */
export class LifecycleUnavailable extends Error {
  override readonly name: string = 'LifecycleUnavailable';
}

/** Temporal keeps something encrypted that this process cannot read. Whoever wrote it lives on, and only people can bring the key. */
export class PayloadUnreadable extends LifecycleUnavailable {
  override readonly name = 'PayloadUnreadable';
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
 * first and go on without Temporal: nothing is kept here alone.
 */
export abstract class LifecycleSignals {
  /** @returns false where a workflow of this id runs already, whosever it is */
  abstract start(start: LifecycleStart): Promise<boolean>;

  /** Starts it in place of the one that runs, in one step, so that the node is never without. */
  abstract replace(start: LifecycleStart): Promise<void>;

  /** Starts it and tells it of a heartbeat in the same step; one that runs under this id already only hears of the heartbeat. */
  abstract startHeard(start: LifecycleStart, heartbeat: { at: EpochMs; bootId: string }): Promise<void>;

  /** Its workflow is left to the reconciler to start: until it has spoken, it is told of no heartbeat. */
  abstract leaveStart(node: NodeAddress): void;

  /** @returns false where no workflow of this id runs */
  abstract signalDecision(node: NodeAddress, signal: DecisionSignal): Promise<boolean>;

  /**
   * Tells the workflow of a heartbeat. Never rejects and never starts a workflow; it is dropped when too many are under way, since the
   * evidence in the record makes up for it.
   * @returns whether the workflow will hear of it
   */
  abstract signalHeartbeat(node: SpokenForNode, heartbeat: { at: EpochMs; bootId: string }): Promise<boolean>;

  /**
   * Tells the workflow that what its node's checks say has changed. Never rejects and never starts a workflow: the reconciler makes up for it.
   * @returns whether the workflow will hear of it
   */
  abstract signalConditions(node: NodeAddress): Promise<boolean>;

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
