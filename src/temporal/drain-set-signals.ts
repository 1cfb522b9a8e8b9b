import type { DrainSetRecord } from '../drains/drain-set-record.js';

/** What is said to the workflows of drain sets. Every method answers within about two seconds. */
export abstract class DrainSetSignals {
  /**
   * Tells the workflow what is wanted of its set; starts it where it does not run.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract tell(set: DrainSetRecord): Promise<void>;

  /**
   * Starts the workflow where it does not run.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  abstract ensureStarted(set: DrainSetRecord): Promise<void>;
}
