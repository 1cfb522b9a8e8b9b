import type { WindowOpening } from '../../contract/maintenance-window.js';
import type { EpochMs } from '../../contract/states.js';
import type { MaintenanceWindow, WindowChange } from './maintenance-window.js';

/** The record of maintenance windows, majority writes. There are never many. */
export abstract class WindowStore {
  /** @returns why not, where there are as many as there may be, or one of this name */
  abstract create(window: MaintenanceWindow): Promise<'created' | 'full' | 'taken'>;

  abstract find(name: string): Promise<MaintenanceWindow | null>;

  /** By their names. */
  abstract all(): Promise<MaintenanceWindow[]>;

  /** Changes it where it is of this version still. @returns `conflict` where it is not, or is gone */
  abstract change(name: string, version: number, change: WindowChange): Promise<MaintenanceWindow | 'conflict'>;

  /** @returns false where there is none */
  abstract remove(name: string): Promise<boolean>;

  /** Within a unit of work: the unit fails where the window is removed meanwhile. @returns false where there is none */
  abstract rely(name: string): Promise<boolean>;

  /** It opens for as long as it says, where no later opening is known. @returns the window then; null where there is none */
  abstract open(opening: WindowOpening): Promise<MaintenanceWindow | null>;

  /** Temporal's schedule is of this version, and opens it then. Ignored where the window is of another version. */
  abstract scheduled(name: string, version: number, openings: readonly EpochMs[]): Promise<void>;

  /** Why Temporal's schedule is not as it is to be. */
  abstract notScheduled(name: string, problem: string): Promise<void>;
}
