import type { AgentClock } from './agent-clock.js';

/** Wakes a loop that waits. A ring that comes while nothing waits is kept, so that none is missed. */
export class Wake {
  private rung = false;
  private stopResting: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.stopResting?.();
  }

  /** Forgets earlier rings: the caller is about to look at what they announced. */
  clear(): void {
    this.rung = false;
  }

  /** Resolves at a ring, after `ms`, or when `stop` is aborted. */
  async rest(ms: number, clock: AgentClock, stop: AbortSignal): Promise<void> {
    if (!this.rung) await this.whileResting(stop, (until) => clock.sleep(ms, until));
    this.clear();
  }

  /** Does `work` with a signal that is aborted at a ring, or with `stop`; cleans up its listeners afterwards. */
  async whileResting<Result>(stop: AbortSignal, work: (until: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    const end = () => controller.abort(stop.reason);
    this.stopResting = end;
    stop.addEventListener('abort', end, { once: true });
    try {
      if (stop.aborted || this.rung) end();
      return await work(controller.signal);
    } finally {
      this.stopResting = undefined;
      stop.removeEventListener('abort', end);
    }
  }

  get isRung(): boolean {
    return this.rung;
  }
}
