import type { DrainSetRecord } from './drain-set-record.js';

/** Signals to workflows of drain sets. Every method answers within about two seconds. */
export abstract class DrainSetSignals {
  /**
   * Tells the workflow the ruling in force; starts it where it is not running.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where the workflow refuses
   */
  abstract tell(set: DrainSetRecord): Promise<void>;

  /**
   * Tells the workflow that its maintenance window has opened or changed. One that is not running yet looks by itself.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where this workflow does not take it
   */
  abstract windowChanged(set: Pick<DrainSetRecord, 'id' | 'update'>): Promise<void>;

  /**
   * Starts the workflow where it is not running.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract ensureStarted(set: DrainSetRecord): Promise<void>;

  /**
   * Replaces a workflow that refuses everything with a new one, which continues from the record.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract rebuild(set: DrainSetRecord): Promise<void>;
}
