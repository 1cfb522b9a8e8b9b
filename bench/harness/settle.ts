import { becomes } from './becomes.js';

/** How far a crowd has settled. */
export interface Settled {
  healthy: number;
  seconds: number;
}

/** Minimum rate of settling per second: a slower crowd is not waited for, and is measured as it is. */
export const LEAST_A_SECOND = 12;
const SETTLE_MS = 60_000;
const TELL_EVERY_S = 30;

/** Maximum time for a crowd of this size, in milliseconds. */
export function settlesWithin(nodes: number): number {
  return SETTLE_MS + (nodes / LEAST_A_SECOND) * 1_000;
}

/** Resolves when all nodes are HEALTHY, or time is over. */
export async function settle(
  nodes: number,
  countHealthy: () => Promise<number>,
  say: (line: string) => void,
): Promise<Settled> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  let [healthy, toldAt] = [0, 0];
  await becomes(
    `${nodes} nodes are HEALTHY`,
    settlesWithin(nodes),
    async () => {
      healthy = await countHealthy();
      if (seconds() - toldAt > TELL_EVERY_S) {
        toldAt = seconds();
        say(`after ${Math.round(toldAt)} s: ${healthy} of ${nodes} are HEALTHY`);
      }
      return healthy === nodes;
    },
    nodes > 1_000 ? 2_000 : 250,
  ).catch((error: unknown) => say((error as Error).message));
  say(`${healthy} of ${nodes} nodes are HEALTHY after ${Math.round(seconds())} s`);
  return { healthy, seconds: seconds() };
}
