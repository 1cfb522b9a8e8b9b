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

  /** @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it refuses; both are recorded */
  async ensure({ name }: Pick<MaintenanceWindow, 'name'>): Promise<void> {
    // Read again, since the caller's copy may be outdated.
    const window = await this.windows.find(name);
    if (window === null) return;
    const { version, scheduled } = window;
    try {
      const openings = await this.schedules.ensure(window);
      if (openings === undefined) return;
      const known = scheduled.version === version && String(scheduled.openings) === String(openings);
      if (known && scheduled.problem === '') return;
      await this.windows.scheduled(name, version, openings);
    } catch (error) {
      const { message } = error as Error;
      if (scheduled.problem !== message) await this.windows.notScheduled(name, message);
      throw error;
    }
    if (scheduled.version !== version) await this.waiters.tell(name);
  }
}
