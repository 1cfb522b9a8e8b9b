import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCluster } from './harness/bench-cluster.js';
import { becomes } from './harness/becomes.js';
import { defineBench, type Findings, type Row } from './harness/bench.js';
import { Latencies } from './harness/latencies.js';
import { Load } from './harness/load.js';
import { SeededFleet } from './harness/seeded-fleet.js';

const APPLIED_WITHIN = '30s';
const SEEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 5;
const CONNECTIONS = 64;
/** Beats go on for longer than any measurement. */
const ENDLESS_MS = 3_600_000;

interface NodePage {
  items: { id: string }[];
}

/** From an administrator's word to its effect. */
export const decision = defineBench({
  name: 'decision',
  shows: 'approve → applied by the workflow → seen in the list, idle and under a fleet\'s heartbeats',
  whole: { decisions: 200, nodes: 20_000, intervalSeconds: 15 },
  small: { decisions: 4, nodes: 20, intervalSeconds: 1 },
  async run({ decisions, nodes, intervalSeconds }, { say, startCluster, atEnd }): Promise<Findings> {
    const cluster = await startCluster();
    const rows: Row[] = [await measure(cluster, decisions, 'idle')];
    say(`idle: ${decisions} decisions`);
    const fleet = await SeededFleet.write(cluster, { prefix: 'busy-', count: nodes, workflows: true });
    const load = await Load.start(await fleet.targets());
    atEnd(() => load.stop());
    // It ends with its process.
    void load.run({ port: cluster.apiPort, connections: CONNECTIONS, durationMs: ENDLESS_MS, ratePerSecond: nodes / intervalSeconds }).catch(() => undefined);
    await becomes(`${nodes} nodes are HEALTHY`, ENDLESS_MS, async () => (await cluster.healthy('busy-')) >= nodes, 250);
    say(`${nodes} nodes beat`);
    await pause(intervalSeconds * 1_000);
    rows.push(await measure(cluster, decisions, `${nodes} nodes every ${intervalSeconds} s`));
    return {
      rows,
      claims: [],
      notes: [
        'Applied: from the request until POST …/approve?wait answers that the workflow has applied it. Seen: until a list by approval and phase has the node, as a page that polls would find it, asked every few milliseconds. One decision after the other.',
        'The nodes were written into the record, not joined; their workflows were started by the reconciler.',
      ],
    };
  },
});

async function measure(cluster: BenchCluster, count: number, load: string): Promise<Row> {
  const prefix = load === 'idle' ? 'idle-' : 'loaded-';
  const { nodes } = await SeededFleet.write(cluster, { prefix, count, workflows: true, approval: 'PENDING' });
  const [applied, seen] = [new Latencies(), new Latencies()];
  let late = 0;
  for (const { name } of nodes) {
    const began = performance.now();
    const answer = await cluster.ask<{ applied: boolean }>('POST', `/v1/nodes/${name}/approve?wait=${APPLIED_WITHIN}`, { reason: 'bench' });
    if (answer.applied) applied.record(performance.now() - began);
    else late += 1;
    const isListed = async () => (await cluster.ask<NodePage>('GET', `/v1/nodes?approval=APPROVED&phase=WAITING&q=${name}`)).items.some(({ id }) => id === name);
    await becomes(`${name} is listed as approved`, SEEN_WITHIN_MS, isListed, LOOK_EVERY_MS);
    seen.record(performance.now() - began);
  }
  return {
    load,
    decisions: count,
    'applied p50, ms': applied.percentile(50),
    'applied p99, ms': applied.percentile(99),
    'seen p50, ms': seen.percentile(50),
    'seen p99, ms': seen.percentile(99),
    [`not applied within ${APPLIED_WITHIN}`]: late,
  };
}
