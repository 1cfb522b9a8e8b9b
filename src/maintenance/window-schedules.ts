import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';

/** The schedules of Temporal's that open maintenance windows. Every method answers within some seconds. */
export abstract class WindowSchedules {
  /**
   * Creates the schedule, or changes it where it differs from the window.
   * @returns when it opens the window next, which is undefined while Temporal does not show the change yet; and whether it was changed
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it does not take the schedule
   */
  abstract ensure(window: MaintenanceWindow): Promise<{ openings: EpochMs[] | undefined; repaired: boolean }>;

  /** Deletes the schedule if it exists. @throws LifecycleUnavailable where Temporal does not answer */
  abstract remove(name: string): Promise<void>;

  /** The windows that have schedules, as Temporal lists them, which may be some seconds late. @throws LifecycleUnavailable */
  abstract names(): Promise<string[]>;
}
