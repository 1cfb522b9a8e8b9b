import type { SilentNode } from '../../activities/silence-sweep-activities.js';

/** The workflow that finds silent nodes for the whole fleet, and what is said for it to lifecycles. */
export abstract class SilenceSweeper {
  /** @throws LifecycleUnavailable where Temporal does not answer */
  abstract ensureStarted(): Promise<void>;

  /**
   * Tells a node's workflow, where one runs, that it has been silent for too long.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where the workflow does not take it
   */
  abstract notice(node: SilentNode): Promise<void>;
}
