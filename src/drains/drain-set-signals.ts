import type { DrainSetRecord } from './drain-set-record.js';

/** What is said to the workflows of drain sets. Every method answers within about two seconds. */
export abstract class DrainSetSignals {
  /**
   * Tells the workflow what is wanted of its set; starts it where it does not run.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where this workflow does not take it
   */
  abstract tell(set: DrainSetRecord): Promise<void>;

  /**
   * Tells the workflow that its maintenance window has opened or was changed. One that does not run yet looks by itself.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where this workflow does not take it
   */
  abstract windowChanged(set: Pick<DrainSetRecord, 'id' | 'update'>): Promise<void>;

  /**
   * Starts the workflow where it does not run.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract ensureStarted(set: DrainSetRecord): Promise<void>;

  /**
   * Starts the workflow anew from what the record knows of the set, in place of the one that runs: that one takes nothing any more.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract rebuild(set: DrainSetRecord): Promise<void>;
}
