import { setTimeout as pause } from 'node:timers/promises';
import type { AgentClock } from '../../../agent/process/agent-clock.js';

/** Real time, but every wait is over `factor` times sooner: what happens every half a minute can be waited for. */
export function hurriedClock(factor: number): AgentClock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now() * factor,
    async sleep(ms, stop) {
      if (!stop.aborted) await pause(ms / factor, undefined, { signal: stop }).catch(() => undefined);
    },
  };
}

/** Time that moves by hand. */
export class StillClock implements AgentClock {
  constructor(public ms = 0) {}
  now = () => this.ms;
  elapsed = () => this.ms;
  sleep = async (ms: number) => void (this.ms += ms);
}
