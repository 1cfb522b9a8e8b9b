import type { BenchCluster } from './bench-cluster.js';
import { becomes } from './becomes.js';
import { Latencies } from './latencies.js';
import { SeededFleet } from './seeded-fleet.js';

export const APPLIED_WITHIN = '30s';
const SEEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 5;

interface NodePage {
  items: { id: string }[];
}

export interface Approvals {
  /** Time until POST …/approve?wait answers that the workflow has applied it. */
  applied: Latencies;
  /** Time until a list by approval and phase has the node. */
  seen: Latencies;
  /** Not applied within {@link APPLIED_WITHIN}. */
  late: number;
}

/** Approves pending nodes one after the other. Each has a workflow, and has never beaten. */
export async function approveNodes(cluster: BenchCluster, prefix: string, count: number): Promise<Approvals> {
  const fleet = await SeededFleet.write(cluster, { prefix, count, workflows: true, approval: 'PENDING' });
  await fleet.begun();
  const [applied, seen] = [new Latencies(), new Latencies()];
  let late = 0;
  for (const { name } of fleet.nodes) {
    const began = performance.now();
    const answer = await cluster.ask<{ applied: boolean }>('POST', `/v1/nodes/${name}/approve?wait=${APPLIED_WITHIN}`, {
      reason: 'bench',
    });
    if (answer.applied) applied.record(performance.now() - began);
    else late += 1;
    const isListed = async () =>
      (await cluster.ask<NodePage>('GET', `/v1/nodes?approval=APPROVED&phase=WAITING&q=${name}`)).items.some(
        ({ id }) => id === name,
      );
    await becomes(`${name} is listed as approved`, SEEN_WITHIN_MS, isListed, LOOK_EVERY_MS);
    seen.record(performance.now() - began);
  }
  return { applied, seen, late };
}
