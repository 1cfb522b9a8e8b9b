import { Injectable } from '@nestjs/common';
import type { MaintenanceWindow } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';
import { WindowSchedules } from './window-schedules.js';
import { WindowWaiters } from './window-waiters.js';

/** Makes a window's schedule match the record, and records its openings. Idempotent. */
@Injectable()
export class WindowScheduling {
  constructor(
    private readonly windows: WindowStore,
    private readonly schedules: WindowSchedules,
    private readonly waiters: WindowWaiters,
  ) {}

  /**
   * @returns whether the schedule was missing, or differed
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it refuses; both are recorded
   */
  async ensure({ name }: Pick<MaintenanceWindow, 'name'>): Promise<boolean> {
    // Read again, since the caller's copy may be outdated.
    const window = await this.windows.find(name);
    if (window === null) return false;
    const { version, scheduled } = window;
    const { openings, repaired } = await this.schedules.ensure(window).catch(async (error: Error) => {
      if (scheduled.problem !== error.message) await this.windows.notScheduled(name, error.message);
      throw error;
    });
    if (openings === undefined) return repaired;
    const isKnown = scheduled.version === version && String(scheduled.openings) === String(openings);
    if (!isKnown || scheduled.problem !== '') await this.windows.scheduled(name, version, openings);
    if (scheduled.version !== version) await this.waiters.tell(name);
    return repaired;
  }
}
