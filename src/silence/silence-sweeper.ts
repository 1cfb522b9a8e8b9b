import type { SilentNode } from '../../activities/silence-sweep-activities.js';

/** The workflow that finds silent nodes of the whole fleet, and its notices to lifecycles. */
export abstract class SilenceSweeper {
  /** @throws LifecycleUnavailable where Temporal does not answer */
  abstract ensureStarted(): Promise<void>;

  /**
   * Tells a node's workflow, where one is running, that the node has been silent for too long.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where the workflow refuses
   */
  abstract notice(node: SilentNode): Promise<void>;
}
