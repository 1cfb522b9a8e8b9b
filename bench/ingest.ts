import { BareRoute } from './harness/bare-route.js';
import { becomes } from './harness/becomes.js';
import { defineBench, type Findings, type Row } from './harness/bench.js';
import { round } from './harness/latencies.js';
import { Load } from './harness/load.js';
import { measuredLoad, refusedBeats } from './harness/measured-load.js';
import { SeededFleet } from './harness/seeded-fleet.js';

const LEAST_RATIO = 0.5;
const P99_MS = 50;
const RECORDED_WITHIN_MS = 10_000;

/** Sustained heartbeats through one api process and a real mongod, compared with a Fastify route that does nothing. */
export const ingest = defineBench({
  name: 'ingest',
  shows: 'heartbeats a second through one api process, beside a bare Fastify route in the same run',
  whole: { nodes: 1_000, connections: 64, seconds: 15, rounds: 3 },
  small: { nodes: 8, connections: 4, seconds: 1.5, rounds: 1 },
  async run({ nodes, connections, seconds, rounds }, { say, startCluster, atEnd }): Promise<Findings> {
    const cluster = await startCluster({
      recordOnly: true,
      // The limit of a node's requests is a multiple of what its interval needs, so it has to allow the load of this bench.
      settings: { 'Compute.Heartbeat.Interval': '100ms' },
    });
    const fleet = await SeededFleet.write(cluster, { prefix: 'beat-', count: nodes, workflows: false });
    const load = await Load.start(await fleet.targets());
    atEnd(() => load.stop());
    const bare = await BareRoute.start();
    atEnd(() => bare.stop());

    const durationMs = seconds * 1_000;
    await load.once(cluster.apiPort, connections);
    const rows: Row[] = [];
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let turn = 1; turn <= rounds; turn++) {
      const base = await measuredLoad(cluster, load, { port: bare.port, connections, durationMs }, { bare: bare.pid });
      const own = await measuredLoad(cluster, load, { port: cluster.apiPort, connections, durationMs });
      say(`round ${turn}: ${Math.round(own.rate)} a second, bare ${Math.round(base.rate)}`);
      rates.push(own.rate);
      ratios.push(own.rate / base.rate);
      rows.push({
        round: turn,
        'bare, beats/s': round(base.rate, 0),
        'api, beats/s': round(own.rate, 0),
        ratio: round(own.rate / base.rate, 2),
        'api p50, ms': round(own.latency.p50, 2),
        'api p99, ms': round(own.latency.p99, 2),
        'api, µs/beat': round(own.usABeat['api'] ?? 0, 0),
        'mongod, µs/beat': round(own.usABeat['mongod'] ?? 0, 0),
        'bare, µs/beat': round(base.usABeat['bare'] ?? 0, 0),
        'generator, µs/beat': round(own.usABeat['generator'] ?? 0, 0),
        refused: refusedBeats(own) ?? 'none',
      });
    }
    const half = await load.run({ port: cluster.apiPort, connections, durationMs, ratePerSecond: median(rates) / 2 });
    const countRecorded = () =>
      cluster.db
        .collection<{ _id: string }>('heartbeats')
        .countDocuments({ _id: { $in: fleet.nodes.map(({ uid }) => uid) }, seq: { $gt: 0 } });
    // The last beats are written in bulk a moment after they were answered.
    await becomes(
      "every node's beat is in the record",
      RECORDED_WITHIN_MS,
      async () => (await countRecorded()) === nodes,
    ).catch(() => undefined);
    const recorded = await countRecorded();
    return {
      rows,
      claims: [
        {
          what: "rate, as a share of the bare route's (median of the rounds)",
          required: `at least ${LEAST_RATIO}`,
          measured: median(ratios).toFixed(2),
          holds: median(ratios) >= LEAST_RATIO,
        },
        {
          what: 'p99 at half that rate',
          required: `under ${P99_MS} ms`,
          measured: `${half.latency.p99.toFixed(1)} ms at ${Math.round(half.beats / half.seconds)} a second`,
          holds: half.beats > 0 && half.latency.p99 < P99_MS,
        },
        {
          what: 'nodes whose beat is in the record',
          required: `all ${nodes}`,
          measured: String(recorded),
          holds: recorded === nodes,
        },
      ],
      notes: [
        `${nodes} nodes on ${connections} connections, each round ${seconds} s flat out; mongod with majority writes; no Temporal and no worker, which have no part in it: the nodes are in the record as HEALTHY, so that no beat changes anything.`,
        'The nodes were written into the record, not joined; their access tokens come from the api. Each has beaten once before it is measured: the first beat after a restart of the api looks its node up.',
        'Compute.Heartbeat.Interval is 100ms, since the api lets no node send much more often than its interval.',
      ],
    };
  },
});

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
