import { setTimeout as pause } from 'node:timers/promises';
import type { AgentClock } from '../../../agent/process/agent-clock.js';

/** Real time, except that every sleep is `factor` times shorter: what happens every half a minute can be waited for. */
export function hurriedClock(factor: number): AgentClock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now() * factor,
    async sleep(ms, stop) {
      if (!stop.aborted) await pause(ms / factor, undefined, { signal: stop }).catch(() => undefined);
    },
  };
}

/** A clock that the test advances. */
export class StillClock implements AgentClock {
  constructor(public ms = 0) {}
  now = () => this.ms;
  elapsed = () => this.ms;
  sleep = async (ms: number) => void (this.ms += ms);
}
