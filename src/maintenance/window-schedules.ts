import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';

/** Temporal schedules of maintenance windows. Every method answers within some seconds. */
export abstract class WindowSchedules {
  /**
   * Creates the schedule, or repairs it where it differs from the window.
   * @returns the next openings, undefined where Temporal does not show the change yet; and whether the schedule had to be repaired
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it refuses the schedule
   */
  abstract ensure(window: MaintenanceWindow): Promise<{ openings: EpochMs[] | undefined; repaired: boolean }>;

  /** Deletes the schedule, if any. @throws LifecycleUnavailable where Temporal does not answer */
  abstract remove(name: string): Promise<void>;

  /** Names of windows with schedules, by Temporal's list, which may lag by some seconds. @throws LifecycleUnavailable */
  abstract names(): Promise<string[]>;
}
