import type { AgentClock } from '../process/agent-clock.js';

/** Length of a tick, in milliseconds; all timers of a tick fire together. */
const TICK_MS = 100;

/**
 * A clock for thousands of agents in one process: sleepers wake with the next tick after their time. In a real fleet each agent wakes a
 * machine of its own; here this process and the api's would wake for each single heartbeat, which costs more than the heartbeat does.
 */
export class TickingClock implements AgentClock {
  private readonly sleepers = new Map<number, Set<() => void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly clock: AgentClock) {}

  now(): number {
    return this.clock.now();
  }

  elapsed(): number {
    return this.clock.elapsed();
  }

  async sleep(ms: number, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const tick = Math.ceil((this.elapsed() + ms) / TICK_MS);
    await new Promise<void>((resolve) => {
      const sleepers = this.sleepersUntil(tick);
      const wake = () => {
        stop.removeEventListener('abort', wake);
        sleepers.delete(wake);
        resolve();
      };
      sleepers.add(wake);
      stop.addEventListener('abort', wake);
      this.timer ??= setTimeout(() => this.tick(), TICK_MS);
    });
  }

  private sleepersUntil(tick: number): Set<() => void> {
    const known = this.sleepers.get(tick);
    if (known !== undefined) return known;
    const sleepers = new Set<() => void>();
    this.sleepers.set(tick, sleepers);
    return sleepers;
  }

  private tick(): void {
    const now = Math.floor(this.elapsed() / TICK_MS);
    for (const [tick, sleepers] of this.sleepers) {
      if (sleepers.size > 0 && tick > now) continue;
      this.sleepers.delete(tick);
      for (const wake of sleepers) wake();
    }
    this.timer = this.sleepers.size > 0 ? setTimeout(() => this.tick(), TICK_MS) : undefined;
  }
}
