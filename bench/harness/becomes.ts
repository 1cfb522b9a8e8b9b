import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `holds` returns true.
 * @param withinMs timeout in milliseconds
 * @throws Error after the timeout, or what `holds` throws
 */
export async function becomes(
  what: string,
  withinMs: number,
  holds: () => Promise<boolean> | boolean,
  everyMs = 50,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${Math.round(withinMs / 1_000)} s`);
    await pause(everyMs);
  }
}
