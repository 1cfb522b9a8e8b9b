import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';
import { WindowScheduling } from '../maintenance/window-scheduling.js';
import { WindowSchedules } from '../maintenance/window-schedules.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { isScheduled } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';

/** All are looked at so often, and those that are known to differ with each pass. */
const ALL_EVERY_MS = 60_000;

/** Makes Temporal's schedules what the record says of maintenance windows: missing ones, changed ones, and those of windows that are gone. */
@Injectable()
export class WindowCensus {
  private nextOfAll: EpochMs = 0;

  constructor(
    private readonly windows: WindowStore,
    private readonly scheduling: WindowScheduling,
    private readonly schedules: WindowSchedules,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async pass(): Promise<void> {
    const now = this.clock.now();
    const isOfAll = now >= this.nextOfAll;
    // Before the record: a schedule is made after its window is written down.
    const listed = isOfAll ? await this.schedules.names() : [];
    const windows = await this.windows.all();
    for (const window of windows) {
      if (!isOfAll && isScheduled(window)) continue;
      await this.scheduling.ensure(window).catch((error: unknown) => {
        // That one is at fault, and its window says so.
        if (!(error instanceof LifecycleRefused)) throw error;
      });
    }
    for (const name of listed) if (!windows.some((window) => window.name === name)) await this.schedules.remove(name);
    if (isOfAll) this.nextOfAll = now + ALL_EVERY_MS;
  }
}
