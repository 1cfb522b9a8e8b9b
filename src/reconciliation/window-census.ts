import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';
import { WindowScheduling } from '../maintenance/window-scheduling.js';
import { WindowSchedules } from '../maintenance/window-schedules.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { isScheduled, type MaintenanceWindow } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';

/** All are looked at so often, and those that are known to differ with each pass. */
const ALL_EVERY_MS = 60_000;

/** Repairs Temporal's schedules of maintenance windows: missing ones, those that differ from the record, and those whose window was deleted. */
@Injectable()
export class WindowCensus {
  private nextOfAll: EpochMs = 0;

  constructor(
    private readonly windows: WindowStore,
    private readonly scheduling: WindowScheduling,
    private readonly schedules: WindowSchedules,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /** @returns how many were repaired or deleted. @throws LifecycleUnavailable where Temporal does not answer */
  async pass(): Promise<number> {
    const now = this.clock.now();
    const isOfAll = now >= this.nextOfAll;
    // Before the record: a schedule is made after its window is written down.
    const listed = isOfAll ? await this.schedules.names() : [];
    const windows = await this.windows.all();
    let repaired = 0;
    for (const window of windows) if (isOfAll || !isScheduled(window)) repaired += Number(await this.ensure(window));
    for (const name of listed.filter((one) => !windows.some((window) => window.name === one))) {
      await this.schedules.remove(name);
      repaired += 1;
    }
    if (isOfAll) this.nextOfAll = now + ALL_EVERY_MS;
    return repaired;
  }

  /** A schedule that Temporal refuses holds up no other: its window shows why. */
  private async ensure(window: MaintenanceWindow): Promise<boolean> {
    try {
      return await this.scheduling.ensure(window);
    } catch (error) {
      if (error instanceof LifecycleRefused) return false;
      throw error;
    }
  }
}
