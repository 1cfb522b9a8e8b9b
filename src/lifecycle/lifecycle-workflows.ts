import type { LifecycleOutcome } from '../../contract/lifecycle.js';
import type { NodeAddress } from './lifecycle-signals.js';

/** A running lifecycle and its search attributes. */
export interface RunningLifecycle extends NodeAddress {
  runId: string;
  phase: string;
  liveness: string;
  approval: string;
}

/** A run that is pinned to a version of the workers that gets no new runs. */
export interface LeftBehindRun extends NodeAddress {
  runId: string;
  buildId: string;
}

/** The lifecycle workflows in Temporal, whether or not the record knows their nodes. */
export abstract class LifecycleWorkflows {
  /**
   * The uid of the incarnation whose lifecycle is running under the node's name; null where none is.
   * @throws LifecycleUnavailable
   */
  abstract incarnationOf(nodeName: string): Promise<string | null>;

  /**
   * Whether this incarnation's lifecycle is running and was started by this cluster.
   * @throws LifecycleUnavailable
   */
  abstract isOurs(node: NodeAddress): Promise<boolean>;

  /**
   * All running lifecycles, from Temporal's index, which may lag by some seconds.
   * @throws LifecycleUnavailable
   */
  abstract running(): AsyncIterable<RunningLifecycle>;

  /**
   * Runs pinned to another version than the deployment's current and ramping ones, from Temporal's index; none without worker versioning.
   * @throws LifecycleUnavailable
   */
  abstract leftBehind(deployment: string): AsyncIterable<LeftBehindRun>;

  /**
   * Whether this incarnation's lifecycle is running, and fails each of its tasks because its history does not replay: it takes signals, and acts
   * on none.
   * @throws LifecycleUnavailable
   */
  abstract doesNotReplay(node: NodeAddress): Promise<boolean>;

  /**
   * Outcome of this incarnation's lifecycle, where it completed by itself: its node is then removed.
   * @throws LifecycleUnavailable
   */
  abstract endOf(node: NodeAddress): Promise<LifecycleOutcome | null>;

  /**
   * Terminates this incarnation's workflow, where it is running.
   * @param reason shown in the Web UI
   * @throws LifecycleUnavailable
   */
  abstract terminate(node: NodeAddress, reason: string): Promise<void>;
}
