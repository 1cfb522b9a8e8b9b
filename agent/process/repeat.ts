import type { AgentClock } from './agent-clock.js';

/**
 * Does `step` again and again until `stop`, waiting in between for the milliseconds that it returns. What fails because
 * of `stop` (a call that was broken off) is no failure.
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
