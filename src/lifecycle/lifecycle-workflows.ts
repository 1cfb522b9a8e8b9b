import type { LifecycleOutcome } from '../../contract/lifecycle.js';
import type { NodeAddress } from './lifecycle-signals.js';

/** A lifecycle that runs, and what it shows of itself. */
export interface RunningLifecycle extends NodeAddress {
  runId: string;
  phase: string;
  liveness: string;
  approval: string;
}

/** A run that is kept by a version of workers which nothing new comes to. */
export interface LeftBehindRun extends NodeAddress {
  runId: string;
  buildId: string;
}

/** The lifecycle workflows that Temporal runs, whichever nodes the record knows. */
export abstract class LifecycleWorkflows {
  /**
   * Whose life runs under the node's name: the uid of its incarnation, or null where none runs.
   * @throws LifecycleUnavailable
   */
  abstract incarnationOf(nodeName: string): Promise<string | null>;

  /**
   * Whether this incarnation runs, and this cluster started it.
   * @throws LifecycleUnavailable
   */
  abstract isOurs(node: NodeAddress): Promise<boolean>;

  /**
   * All that run. From Temporal's index, which may be some seconds behind.
   * @throws LifecycleUnavailable
   */
  abstract running(): AsyncIterable<RunningLifecycle>;

  /**
   * The runs that are pinned to another version than those that a worker deployment sends what is new to; none where the server keeps no versions.
   * From Temporal's index.
   * @throws LifecycleUnavailable
   */
  abstract leftBehind(deployment: string): AsyncIterable<LeftBehindRun>;

  /**
   * How this incarnation's life ended, where it ended by itself: a node whose workflow has said that it was removed is removed.
   * @throws LifecycleUnavailable
   */
  abstract endOf(node: NodeAddress): Promise<LifecycleOutcome | null>;

  /**
   * Ends this incarnation's workflow at once, where it runs.
   * @param reason for people who look at it in the Web UI
   * @throws LifecycleUnavailable
   */
  abstract terminate(node: NodeAddress, reason: string): Promise<void>;
}
