import { defineBench, type Findings, type Row, sizesOf } from './harness/bench.js';
import { round } from './harness/latencies.js';
import { Load } from './harness/load.js';
import { measuredLoad, refusedBeats, type MeasuredLoad } from './harness/measured-load.js';
import { SeededFleet } from './harness/seeded-fleet.js';
import { settleBeating } from './harness/settle-beating.js';
import { LEAST_A_SECOND } from './harness/settle.js';

const LEAST_SHARE = 0.9;
/** Figures of Nomad 1.11.3 with 10,000 nodes on such a machine, and the intended multiple. */
const NOMAD = { nodes: 10_000, beatsPerSecond: 1_900, factor: 5 };

/** The cost of a beat must not depend on the number of nodes. */
export const flatness = defineBench({
  name: 'flatness',
  shows: 'the rate, and what a beat costs, at growing numbers of registered nodes',
  whole: { sizes: [1_000, 5_000, 10_000, 20_000], connections: 64, seconds: 15, pacedSeconds: 60, intervalSeconds: 15 },
  small: { sizes: [10, 20], connections: 4, seconds: 0.5, pacedSeconds: 0.5, intervalSeconds: 1 },
  async run(
    { sizes: given, connections, seconds, pacedSeconds, intervalSeconds },
    { say, startCluster, atEnd },
  ): Promise<Findings> {
    const sizes = sizesOf(given);
    const cluster = await startCluster({ settings: { 'Compute.Heartbeat.Interval': '100ms' } });
    const load = await Load.start([]);
    atEnd(() => load.stop());
    const fleets: SeededFleet[] = [];
    const flat: { nodes: number; result: MeasuredLoad }[] = [];
    const rows: Row[] = [];
    let present = 0;
    for (const nodes of sizes) {
      say(`${nodes} nodes`);
      fleets.push(
        await SeededFleet.write(cluster, { prefix: `flat-${nodes}-`, count: nodes - present, workflows: true }),
      );
      present = nodes;
      const healthy = await settleBeating(cluster, load, fleets, { prefix: 'flat-', connections, intervalSeconds });
      // The changes of their first beats have been signalled with a second one.
      await load.once(cluster.apiPort, connections);
      const fast = await measuredLoad(cluster, load, {
        port: cluster.apiPort,
        connections,
        durationMs: seconds * 1_000,
      });
      flat.push({ nodes, result: fast });
      rows.push(rowOf(nodes, healthy, 'flat out', fast));
      const paced = await measuredLoad(cluster, load, {
        port: cluster.apiPort,
        connections,
        durationMs: pacedSeconds * 1_000,
        ratePerSecond: nodes / intervalSeconds,
      });
      rows.push(rowOf(nodes, healthy, `every ${intervalSeconds} s`, paced));
      say(`${nodes} nodes: ${Math.round(fast.rate)} beats a second`);
    }
    const [least, most] = [flat[0], flat.at(-1)];
    const share = most && least ? most.result.rate / least.result.rate : Number.NaN;
    const asNomad = flat.find(({ nodes }) => nodes === NOMAD.nodes)?.result.rate;
    return {
      rows,
      claims: [
        {
          what: `rate with ${most?.nodes} nodes, as a share of that with ${least?.nodes}`,
          required: `at least ${LEAST_SHARE}`,
          measured: share.toFixed(2),
          holds: share >= LEAST_SHARE,
        },
        {
          what: `beats a second with ${NOMAD.nodes} nodes, of Nomad's ${NOMAD.beatsPerSecond}`,
          required: `${NOMAD.factor}×`,
          measured: asNomad === undefined ? 'not run at this size' : `${(asNomad / NOMAD.beatsPerSecond).toFixed(1)}×`,
          holds: asNomad === undefined ? null : asNomad >= NOMAD.factor * NOMAD.beatsPerSecond,
        },
      ],
      notes: [
        `Each node has its workflow, and beats until all are HEALTHY, or fewer than ${LEAST_A_SECOND} a second have become that. µs/beat is the CPU of a process, with all that it does besides, by the beats of that time.`,
        'The nodes were written into the record, not joined; their access tokens come from the api, their workflows from the reconciler.',
        'Compute.Heartbeat.Interval is 100ms, since the api lets no node send much more often than its interval.',
      ],
    };
  },
});

function rowOf(nodes: number, healthy: number, mode: string, result: MeasuredLoad): Row {
  const { rate, usABeat, usage, latency } = result;
  const us = (name: string) => round(usABeat[name] ?? 0, 0);
  return {
    nodes,
    HEALTHY: healthy,
    mode,
    'beats/s': round(rate, 0),
    'p50, ms': round(latency.p50, 2),
    'p99, ms': round(latency.p99, 2),
    'api, µs/beat': us('api'),
    'mongod, µs/beat': us('mongod'),
    'worker, µs/beat': us('worker'),
    'temporal, µs/beat': us('temporal'),
    'all four, µs/beat': round(
      ['api', 'mongod', 'worker', 'temporal'].reduce((sum, name) => sum + (usABeat[name] ?? 0), 0),
      0,
    ),
    'api RSS, MB': round(usage['api']?.rssMb.mean ?? 0, 0),
    refused: refusedBeats(result) ?? 'none',
  };
}
