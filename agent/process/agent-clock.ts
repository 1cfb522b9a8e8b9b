import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochMs } from '../../contract/states.js';

/** Time as the agent sees it. Simulators and tests pass their own. */
export interface AgentClock {
  /** The wall clock, which may jump when people set it. */
  now(): EpochMs;
  /** Milliseconds of a monotonic clock. */
  elapsed(): number;
  /** Resolves after `ms`, or at once when `stop` is aborted: callers loop on `stop.aborted`. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

export const systemClock: AgentClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, stop) {
    if (stop.aborted) return;
    // The only possible rejection is the abort, which callers see in the signal.
    await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  },
};
