import { setTimeout as pause } from 'node:timers/promises';
import { defineBench, type BenchContext, type Claim, type Findings, type Row, sizesOf } from './harness/bench.js';
import { approveNodes, type Approvals } from './harness/approvals.js';
import { becomes } from './harness/becomes.js';
import { Detection } from './harness/detection.js';
import { round } from './harness/latencies.js';
import { ProcessUsage, type Usage } from './harness/process-usage.js';
import { LEAST_A_SECOND, settle, type Settled } from './harness/settle.js';
import { Simulator } from './harness/simulator.js';

/** Longer than DisconnectTimeout, in milliseconds. */
const DETECTION_SLACK_MS = 2_000;
const MOST_GROWTH = 1.2;
const MOST_BYTES_A_NODE = 2_000;
const FOUND_WITHIN_MS = 60_000;

interface FleetParameters {
  sizes: number | readonly number[];
  joinsPerSecond: number;
  seconds: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  /** Number of approvals that are timed while all nodes beat. */
  decisions: number;
  killedPercent: number;
  [other: string]: number | readonly number[];
}

interface Outcome {
  nodes: number;
  /** Start of the measurement, and its duration. */
  settled: Settled;
  falseAlarms: number;
  killed: number;
  found: number;
  detectionP50: number | null;
  detectionP99: number | null;
  signalsPerSecond: number;
  workflowTasksPerSecond: number;
  beatsPerSecond: number;
  statuses: string;
  usage: Record<string, Usage>;
  /** The api's live heap in bytes. */
  apiHeap: number;
  seconds: number;
  approvals: Approvals;
}

/** Real agents, many per process, against the complete cluster of one machine. */
export const fleet = defineBench<FleetParameters>({
  name: 'fleet',
  shows:
    "simulated nodes at their usual interval: nobody is lost by mistake, the dead are found, Temporal's load is flat",
  whole: {
    sizes: [1_000, 5_000, 20_000],
    joinsPerSecond: 100,
    seconds: 300,
    intervalSeconds: 15,
    timeoutSeconds: 60,
    decisions: 100,
    killedPercent: 1,
  },
  small: {
    sizes: [12],
    joinsPerSecond: 20,
    seconds: 1,
    intervalSeconds: 0.5,
    timeoutSeconds: 2,
    decisions: 2,
    killedPercent: 10,
  },
  async run(given, context): Promise<Findings> {
    const outcomes: Outcome[] = [];
    const rows: Row[] = [];
    for (const nodes of sizesOf(given.sizes)) {
      const outcome = await withFleet(nodes, given, context);
      // Printed at once, since a later size may fail after an hour.
      const row = rowOf(outcome);
      context.say(JSON.stringify(row));
      outcomes.push(outcome);
      rows.push(row);
    }
    return {
      rows,
      claims: claimsOf(outcomes, given),
      notes: [
        `Each size has a cluster of its own: the agents join one after the other, at most ${given.joinsPerSecond} a second; once all are HEALTHY (or fewer than ${LEAST_A_SECOND} a second became that), ${given.seconds} s are measured; then ${given.killedPercent}% die without a goodbye.`,
        'A node is found when the record says so: from its last heartbeat, as the api stamped it, to the change stream of who watches. A false disconnect is a node that the record calls UNHEALTHY though its agent lives.',
        'What the api keeps is its heap after a collection, with its buffers: the rest of its resident memory is code, and garbage that V8 has had no reason to collect.',
        'CPU is in cores (1 is a whole one). All agents run in one process, the simulator, on the same machine.',
      ],
    };
  },
});

async function withFleet(
  nodes: number,
  given: FleetParameters,
  { say, startCluster, atEnd }: BenchContext,
): Promise<Outcome> {
  const { joinsPerSecond, seconds, intervalSeconds, timeoutSeconds, decisions, killedPercent } = given;
  const timeoutMs = timeoutSeconds * 1_000;
  const heartbeatIntervalMs = intervalSeconds * 1_000;
  const cluster = await startCluster({
    settings: {
      'Compute.Heartbeat.Interval': `${heartbeatIntervalMs}ms`,
      'Orchestrator.NodeManager.DisconnectTimeout': `${timeoutMs}ms`,
    },
  });
  const simulator = await Simulator.start(cluster, { nodes, joinsPerSecond, heartbeatIntervalMs });
  atEnd(() => simulator.stop());
  const settled = await settle(nodes, () => cluster.healthy('sim-'), say);

  const detection = await Detection.begin(cluster);
  const watch = new ProcessUsage({ ...cluster.pids, simulator: simulator.pid });
  const [began, before, beatsBefore] = [
    performance.now(),
    await cluster.temporalMetrics.read(),
    simulator.status?.beats ?? 0,
  ];
  await pause(seconds * 1_000);
  const elapsed = (performance.now() - began) / 1_000;
  const [after, usage, beatsAfter] = [await cluster.temporalMetrics.read(), watch.end(), simulator.status?.beats ?? 0];

  const approvals = await approveNodes(cluster, 'loaded-', decisions);

  const victims = Math.ceil((nodes * killedPercent) / 100);
  // The timeout is long enough that none of them is found before they are listed here.
  const { nodes: killed } = await simulator.kill(victims);
  detection.expect(killed);
  await becomes(
    `${killed.length} dead nodes are found`,
    3 * timeoutMs + FOUND_WITHIN_MS,
    () => detection.found === killed.length,
  ).catch((error: unknown) => say((error as Error).message));
  await detection.end();
  const apiHeap = await cluster.apiHeap();
  const summary = await simulator.end();
  await cluster.stop();
  return {
    nodes,
    settled,
    falseAlarms: detection.falseAlarms.length,
    killed: killed.length,
    found: detection.found,
    detectionP50: detection.times.percentile(50),
    detectionP99: detection.times.percentile(99),
    signalsPerSecond: (after.signals - before.signals) / elapsed,
    workflowTasksPerSecond: (after.workflowTasks - before.workflowTasks) / elapsed,
    beatsPerSecond: (beatsAfter - beatsBefore) / elapsed,
    statuses: Object.entries(summary.answers['heartbeat'] ?? {})
      .map(([status, count]) => `${status}×${count}`)
      .join(' '),
    usage,
    apiHeap,
    seconds: elapsed,
    approvals,
  };
}

function rowOf(outcome: Outcome): Row {
  const { nodes, settled, usage, seconds } = outcome;
  const own = (name: string) =>
    `${((usage[name]?.cpuSeconds ?? 0) / seconds).toFixed(2)} / ${Math.round(usage[name]?.rssMb.mean ?? 0)} MB`;
  return {
    nodes,
    'HEALTHY at the beginning': `${settled.healthy} after ${Math.round(settled.seconds)} s`,
    'beats/s': round(outcome.beatsPerSecond, 0),
    'false disconnects': outcome.falseAlarms,
    'killed, found': `${outcome.killed}, ${outcome.found}`,
    'found after p50, s': seconds1(outcome.detectionP50),
    'p99, s': seconds1(outcome.detectionP99),
    'signals/s': round(outcome.signalsPerSecond, 1),
    'workflow tasks/s': round(outcome.workflowTasksPerSecond, 1),
    'api, CPU / RSS': own('api'),
    'of it kept': `${Math.round(outcome.apiHeap / 1e6)} MB`,
    worker: own('worker'),
    temporal: own('temporal'),
    mongod: own('mongod'),
    simulator: own('simulator'),
    'approve → applied, p50 / p99, ms': `${outcome.approvals.applied.percentile(50)} / ${outcome.approvals.applied.percentile(99)}`,
    '→ seen in the list, p50 / p99, ms': `${outcome.approvals.seen.percentile(50)} / ${outcome.approvals.seen.percentile(99)}`,
    'heartbeats answered': outcome.statuses,
  };
}

function claimsOf(outcomes: readonly Outcome[], { timeoutSeconds }: FleetParameters): Claim[] {
  const limitMs = timeoutSeconds * 1_000 + DETECTION_SLACK_MS;
  const falseAlarms = outcomes.reduce((sum, one) => sum + one.falseAlarms, 0);
  const missed = outcomes.reduce((sum, one) => sum + one.killed - one.found, 0);
  const slowest = Math.max(...outcomes.map((one) => one.detectionP99 ?? Infinity));
  const [middle, largest, smallest] = [outcomes.at(-2), outcomes.at(-1), outcomes[0]];
  const growth = (count: (one: Outcome) => number) =>
    middle && largest ? growthOf(count(middle), count(largest)) : undefined;
  const perNode =
    smallest && largest && largest !== smallest
      ? (largest.apiHeap - smallest.apiHeap) / (largest.nodes - smallest.nodes)
      : undefined;
  const grows = (what: string, value: number | undefined): Claim => ({
    what: `${what}, ${largest?.nodes} nodes beside ${middle?.nodes}`,
    required: `at most ${MOST_GROWTH}×`,
    measured: value === undefined ? 'one size only' : `${value.toFixed(2)}×`,
    holds: value === undefined ? null : value <= MOST_GROWTH,
  });
  const unsettled = outcomes.reduce((sum, one) => sum + one.nodes - one.settled.healthy, 0);
  return [
    {
      what: 'nodes that were not HEALTHY when the measurement began',
      required: '0',
      measured: String(unsettled),
      holds: unsettled === 0,
    },
    { what: 'false disconnects', required: '0', measured: String(falseAlarms), holds: falseAlarms === 0 },
    { what: 'killed nodes that were not found', required: '0', measured: String(missed), holds: missed === 0 },
    {
      what: 'found after, p99 of the slowest size',
      required: `${limitMs / 1_000} s`,
      measured: `${(slowest / 1_000).toFixed(1)} s`,
      holds: slowest <= limitMs,
    },
    grows(
      'signals a second',
      growth((one) => one.signalsPerSecond),
    ),
    grows(
      'workflow tasks a second',
      growth((one) => one.workflowTasksPerSecond),
    ),
    {
      what: 'memory that the api keeps for a node, from the smallest size to the largest',
      required: `under ${MOST_BYTES_A_NODE} bytes`,
      measured: perNode === undefined ? 'one size only' : `${Math.round(perNode)} bytes`,
      holds: perNode === undefined ? null : perNode < MOST_BYTES_A_NODE,
    },
  ];
}

/** Ratio of two sizes; 1 for no growth, also from 0. */
function growthOf(before: number, after: number): number {
  return before === after ? 1 : after / before;
}

function seconds1(ms: number | null): number | null {
  return ms === null ? null : round(ms / 1_000, 2);
}
