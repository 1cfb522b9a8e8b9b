import { Injectable, Logger } from '@nestjs/common';
import type { WindowView } from '../../contract/schemas/maintenance-windows.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { DrainSetStore, type SetWithin } from '../drains/drain-set-store.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';

/** Drain sets and agent updates that run within a maintenance window. */
@Injectable()
export class WindowWaiters {
  private readonly logger = new Logger(WindowWaiters.name);

  constructor(
    private readonly sets: DrainSetStore,
    private readonly signals: DrainSetSignals,
  ) {}

  of(window?: string): Promise<SetWithin[]> {
    return this.sets.within(window);
  }

  /**
   * Signals the sets to look at their window again. One that refuses is rebuilt by the reconciler, and looks then.
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  async tell(window: string): Promise<void> {
    for (const set of await this.sets.within(window)) {
      try {
        await this.signals.windowChanged(set);
      } catch (error) {
        if (!(error instanceof LifecycleRefused)) throw error;
        this.logger.warn({ msg: 'a drain set does not take that its window is open', drain: set.id, window });
      }
    }
  }
}

/** The view of a set beside its window. */
export function waitingOf({ id, update }: SetWithin): WindowView['waiting'][number] {
  return { id, kind: update === undefined ? 'drain' : 'agentUpdate' };
}
