import { Injectable, Logger } from '@nestjs/common';
import type { OpeningOutcome, WindowPorts } from '../../activities/window-activities.js';
import type { WindowOpening } from '../../contract/maintenance-window.js';
import { Clock } from '../mechanics/clock.js';
import { isBlackedOut } from '../record/maintenance-window.js';
import { WindowStore } from '../record/window-store.js';
import { WindowWaiters } from './window-waiters.js';

/** Opens maintenance windows on behalf of their schedules, in the record, which begins no node of a set while its window is closed. */
@Injectable()
export class WindowKeeper implements WindowPorts {
  private readonly logger = new Logger(WindowKeeper.name);

  constructor(
    private readonly windows: WindowStore,
    private readonly waiters: WindowWaiters,
    private readonly clock: Clock,
  ) {}

  async open(opening: WindowOpening): Promise<OpeningOutcome> {
    const { name, at } = opening;
    const window = await this.windows.find(name);
    if (window === null) return { is: 'closed', why: 'it was deleted' };
    // The schedule is outdated: Temporal was not told of the blackout in time.
    if (isBlackedOut(window, at)) return { is: 'closed', why: 'it does not open on this day' };
    if (at + window.durationMs <= this.clock.now()) return { is: 'closed', why: 'its end came before it could open' };
    const { opened } = (await this.windows.open(opening)) ?? {};
    if (opened?.at !== at) return { is: 'closed', why: 'it was deleted, or has opened again since' };
    await this.waiters.tell(name);
    this.logger.log({ msg: 'a maintenance window is open', window: name, until: opened.until });
    return { is: 'open', until: opened.until };
  }
}
