import { setTimeout as pause } from 'node:timers/promises';
import { becomes } from './harness/becomes.js';
import { defineBench, type Findings } from './harness/bench.js';
import { Latencies, round } from './harness/latencies.js';
import { Load } from './harness/load.js';
import { SeededFleet } from './harness/seeded-fleet.js';

const CONNECTIONS = 32;
const ENDLESS_MS = 3_600_000;
const SETTLE_MS = 600_000;

/** How fast sessions are placed. */
export const sessions = defineBench({
  name: 'sessions',
  shows: 'placements a second and their latency, on nodes that beat',
  whole: { nodes: 1_000, intervalSeconds: 15, seconds: 30, atOnce: 8 },
  small: { nodes: 12, intervalSeconds: 1, seconds: 1, atOnce: 2 },
  async run({ nodes, intervalSeconds, seconds, atOnce }, { say, startCluster, atEnd }): Promise<Findings> {
    const cluster = await startCluster();
    const fleet = await SeededFleet.write(cluster, { prefix: 'placed-', count: nodes, workflows: true });
    const load = await Load.start(await fleet.targets());
    atEnd(() => load.stop());
    void load
      .run({
        port: cluster.apiPort,
        connections: CONNECTIONS,
        durationMs: ENDLESS_MS,
        ratePerSecond: nodes / intervalSeconds,
      })
      .catch(() => undefined);
    await becomes(
      `${nodes} nodes are HEALTHY`,
      SETTLE_MS,
      async () => (await cluster.healthy('placed-')) === nodes,
      250,
    );
    say(`${nodes} nodes are HEALTHY`);
    // Otherwise the first placements would meet nodes whose resources the record does not have yet.
    await pause(intervalSeconds * 1_000);

    const placed = new Latencies();
    const answers: Record<string, number> = {};
    const takenBy = new Map<string, number>();
    const until = performance.now() + seconds * 1_000;
    const opener = async () => {
      while (performance.now() < until) {
        const began = performance.now();
        const response = await cluster.request('POST', '/v1/sessions', {
          principal: 'bench',
          sql: 'select 42',
          resources: { cpu: 0.01, memory: 32 * 2 ** 20, disk: 0 },
        });
        const body = (await response.json()) as {
          session?: { node: string | null };
          node?: string | null;
          code?: string;
        };
        const outcome = response.ok ? String(response.status) : `${response.status} ${body.code ?? ''}`;
        answers[outcome] = (answers[outcome] ?? 0) + 1;
        if (!response.ok) continue;
        placed.record(performance.now() - began);
        const node = body.session?.node ?? body.node ?? 'none';
        takenBy.set(node, (takenBy.get(node) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, opener));
    return {
      rows: [
        {
          nodes,
          'at once': atOnce,
          'placements/s': round(placed.count / seconds, 1),
          'p50, ms': placed.percentile(50),
          'p99, ms': placed.percentile(99),
          'max, ms': placed.max,
          'nodes that got one': takenBy.size,
          'most on one node': Math.max(0, ...takenBy.values()),
          answers: Object.entries(answers)
            .map(([outcome, count]) => `${outcome}×${count}`)
            .join(' '),
        },
      ],
      claims: [
        {
          what: 'sessions are placed',
          required: 'listed',
          measured: `${placed.count} in ${seconds} s`,
          holds: placed.count > 0,
        },
      ],
      notes: [
        'The nodes were written into the record, not joined, and beat through the load generator. No agent takes the sessions over: what is measured is the placement, and for Orchestrator.Sessions.ConfirmTimeout (1m) the places stay taken.',
      ],
    };
  },
});
