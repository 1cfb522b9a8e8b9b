import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochMs } from '../../contract/states.js';

/** Time as the agent sees it. A simulator or a test passes its own. */
export interface AgentClock {
  /** The wall clock: people set it, so it may jump. */
  now(): EpochMs;
  /** Milliseconds since some moment in the past; never jumps. */
  elapsed(): number;
  /** Resolves after `ms`, or at once when `stop` is aborted: callers loop on `stop.aborted`. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

export const systemClock: AgentClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, stop) {
    if (stop.aborted) return;
    // Its only rejection is the abort, which callers see in the signal.
    await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  },
};
