import type { AgentClock } from './agent-clock.js';

/**
 * Repeats `step` until `stop`, waiting in between for the milliseconds that it returns. An error caused by `stop`, such as an aborted
 * call, is ignored.
 */
export async function repeat(
  step: (stop: AbortSignal) => Promise<number>,
  clock: AgentClock,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await clock.sleep(await step(stop), stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}
