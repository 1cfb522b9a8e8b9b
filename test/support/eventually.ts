import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE } from './patience.mjs';

/**
 * Retries `attempt` until it stops throwing, and returns its result: tests wait for conditions, not for time.
 * @param withinMs expected maximum on an idle machine, in milliseconds; after {@link PATIENCE} times as long the last error is thrown
 */
export async function eventually<Result>(attempt: () => Result | Promise<Result>, withinMs = 20_000): Promise<Result> {
  const deadline = Date.now() + withinMs * PATIENCE;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(25);
    }
  }
}
