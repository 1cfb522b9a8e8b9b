import type { BenchCluster } from './bench-cluster.js';
import type { Load } from './load.js';
import type { Target } from './load-orders.js';
import type { SeededFleet } from './seeded-fleet.js';
import { settlesWithin } from './settle.js';

/** Access tokens are valid for 15 minutes, and a crowd may take longer. */
const RENEW_MS = 480_000;

export interface Beating {
  /** Prefix of the names of all nodes of `fleets`. */
  prefix: string;
  connections: number;
  intervalSeconds: number;
}

/**
 * Lets all nodes of `fleets` beat at their interval until their workflows have started and they are HEALTHY: each then settles its start and
 * its first heartbeat in one task. Afterwards `load` beats for all of them, with fresh tokens.
 * A crowd that takes too long is not waited for.
 * @returns number of HEALTHY nodes
 */
export async function settleBeating(
  cluster: BenchCluster,
  load: Load,
  fleets: readonly SeededFleet[],
  { prefix, connections, intervalSeconds }: Beating,
): Promise<number> {
  const count = fleets.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const turn = (nodes: number) => ({
    port: cluster.apiPort,
    connections,
    durationMs: intervalSeconds * 1_000,
    ratePerSecond: nodes / intervalSeconds,
  });
  const giveUpAt = performance.now() + settlesWithin(count);
  let renewedAt = 0;
  const renew = async () => {
    const beating = { goesOn: load.targets > 0 };
    const renewed = targetsOf(fleets).finally(() => (beating.goesOn = false));
    renewed.catch(() => undefined);
    // Otherwise the nodes that beat already would be called lost meanwhile.
    while (beating.goesOn) await load.run(turn(load.targets));
    await load.speakFor(await renewed);
    renewedAt = performance.now();
  };
  await renew();
  for (;;) {
    const healthy = await cluster.healthy(prefix);
    if (healthy === count || performance.now() > giveUpAt) return healthy;
    if (performance.now() - renewedAt > RENEW_MS) await renew();
    await load.run(turn(count));
  }
}

async function targetsOf(fleets: readonly SeededFleet[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const fleet of fleets) targets.push(...(await fleet.targets()));
  return targets;
}
