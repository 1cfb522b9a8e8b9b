import type { NodeAddress } from './lifecycle-signals.js';

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
  abstract running(): AsyncIterable<NodeAddress>;

  /**
   * Ends this incarnation's workflow at once, where it runs.
   * @param reason for people who look at it in the Web UI
   * @throws LifecycleUnavailable
   */
  abstract terminate(node: NodeAddress, reason: string): Promise<void>;
}
