import { setTimeout as pause } from 'node:timers/promises';
import { APPLIED_WITHIN, approveNodes } from './harness/approvals.js';
import type { BenchCluster } from './harness/bench-cluster.js';
import { defineBench, type Findings, type Row } from './harness/bench.js';
import { Load } from './harness/load.js';
import { SeededFleet } from './harness/seeded-fleet.js';
import { settleBeating } from './harness/settle-beating.js';

const CONNECTIONS = 64;
/** Duration of the beats, longer than any measurement. */
const ENDLESS_MS = 3_600_000;

/** Time from an administrator's decision to its effect. */
export const decision = defineBench({
  name: 'decision',
  shows: "approve → applied by the workflow → seen in the list, idle and under a fleet's heartbeats",
  whole: { decisions: 200, nodes: 20_000, intervalSeconds: 15 },
  small: { decisions: 4, nodes: 20, intervalSeconds: 1 },
  async run({ decisions, nodes, intervalSeconds }, { say, startCluster, atEnd }): Promise<Findings> {
    const cluster = await startCluster();
    const rows: Row[] = [await measure(cluster, decisions, 'idle')];
    say(`idle: ${decisions} decisions`);
    const fleet = await SeededFleet.write(cluster, { prefix: 'busy-', count: nodes, workflows: true });
    const load = await Load.start([]);
    atEnd(() => load.stop());
    const healthy = await settleBeating(cluster, load, [fleet], {
      prefix: 'busy-',
      connections: CONNECTIONS,
      intervalSeconds,
    });
    say(`${healthy} of ${nodes} nodes are HEALTHY, and all beat`);
    // It ends with its process.
    void load
      .run({
        port: cluster.apiPort,
        connections: CONNECTIONS,
        durationMs: ENDLESS_MS,
        ratePerSecond: nodes / intervalSeconds,
      })
      .catch(() => undefined);
    await pause(intervalSeconds * 1_000);
    rows.push(
      await measure(cluster, decisions, `${nodes} nodes every ${intervalSeconds} s, ${healthy} of them HEALTHY`),
    );
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
  const { applied, seen, late } = await approveNodes(cluster, load === 'idle' ? 'idle-' : 'loaded-', count);
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
