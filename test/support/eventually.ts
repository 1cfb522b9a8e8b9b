import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE } from './patience.mjs';

/**
 * Waits for `attempt` to stop throwing, and returns what it returned: tests wait for conditions, not for time.
 * @param withinMs how long it may take where nothing else runs, in milliseconds; after {@link PATIENCE} times as long the last error is thrown
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
