import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';

/** The schedules of Temporal's that open maintenance windows. Every method answers within some seconds. */
export abstract class WindowSchedules {
  /**
   * Makes the schedule, or makes it what the window says, where it differs.
   * @returns when it opens the window next; undefined where Temporal does not show the change yet
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it does not take the schedule
   */
  abstract ensure(window: MaintenanceWindow): Promise<EpochMs[] | undefined>;

  /** Removes the schedule where there is one. @throws LifecycleUnavailable where Temporal does not answer */
  abstract remove(name: string): Promise<void>;

  /** The windows that have schedules, as Temporal lists them, which may be some seconds late. @throws LifecycleUnavailable */
  abstract names(): Promise<string[]>;
}
