import { lifecycleWorkflowId } from '../contract/lifecycle.js';
import type { BenchCluster } from './harness/bench-cluster.js';
import { becomes } from './harness/becomes.js';
import { defineBench, type BenchContext, type Findings, type Row } from './harness/bench.js';
import { round } from './harness/latencies.js';
import { Load } from './harness/load.js';
import { ProcessUsage } from './harness/process-usage.js';
import { SeededFleet } from './harness/seeded-fleet.js';

const CONNECTIONS = 16;
const SETTLE_MS = 120_000;
const MOST_EVENTS = 4_096;
const HOUR_S = 3_600;

/** Events and bytes of all runs of a workflow. */
interface History {
  runs: number;
  events: number;
  bytes: number;
  longestRun: number;
}

interface CostParameters {
  nodes: number;
  minutes: number;
  intervalSeconds: number;
  sampled: number;
  [other: string]: number | readonly number[];
}

/** What a healthy node costs Temporal while nothing happens. */
export const cost = defineBench<CostParameters>({
  name: 'cost',
  shows: 'events, history and persistence calls of a node in an hour: where every beat is forwarded, and where none is',
  whole: { nodes: 100, minutes: 10, intervalSeconds: 15, sampled: 20 },
  small: { nodes: 4, minutes: 0.03, intervalSeconds: 0.5, sampled: 2 },
  async run(given, context): Promise<Findings> {
    // Concurrently, each with a cluster of its own: the counts do not depend on the machine's speed.
    const [every, few] = await Promise.all([
      regime(
        'every beat is forwarded',
        { 'Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond': '100000' },
        given,
        context,
      ),
      regime(
        'only beats that change something',
        { 'Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond': '0.001' },
        given,
        context,
      ),
    ]);
    const longest = Math.max(every.longestRun, few.longestRun);
    return {
      rows: [every.row, few.row],
      claims: [
        {
          what: 'events of the longest run of any sampled workflow',
          required: `at most ${MOST_EVENTS}`,
          measured: String(longest),
          holds: longest <= MOST_EVENTS,
        },
      ],
      notes: [
        `${given.nodes} nodes beat every ${given.intervalSeconds} s for ${given.minutes} minutes; what is said of a node-hour is that, multiplied. Events and bytes are of ${given.sampled} nodes; tasks and persistence calls are all that the server did, for its own housekeeping too.`,
        'The nodes were written into the record, not joined; their workflows were started by the reconciler.',
      ],
    };
  },
});

async function regime(
  name: string,
  settings: Record<string, string>,
  given: CostParameters,
  { say, startCluster, atEnd }: BenchContext,
): Promise<{ row: Row; longestRun: number }> {
  const { nodes, minutes, intervalSeconds, sampled } = given;
  const cluster = await startCluster({
    settings: { ...settings, 'Compute.Heartbeat.Interval': `${intervalSeconds * 1_000}ms` },
  });
  const fleet = await SeededFleet.write(cluster, { prefix: 'cost-', count: nodes, workflows: true });
  await fleet.begun();
  const load = await Load.start(await fleet.targets());
  atEnd(() => load.stop());
  const beat = (durationMs: number) =>
    load.run({ port: cluster.apiPort, connections: CONNECTIONS, durationMs, ratePerSecond: nodes / intervalSeconds });
  await beat(intervalSeconds * 1_000);
  await becomes(`${nodes} nodes are HEALTHY`, SETTLE_MS, async () => (await cluster.healthy('cost-')) === nodes);
  say(`${name}: ${nodes} nodes are HEALTHY`);

  const names = fleet.nodes.slice(0, sampled).map((node) => node.name);
  const watch = new ProcessUsage(cluster.pids);
  const [before, countsBefore, began] = [
    await historyOf(cluster, names),
    await cluster.temporalMetrics.read(),
    performance.now(),
  ];
  await beat(minutes * 60_000);
  const elapsed = (performance.now() - began) / 1_000;
  const [after, counts, usage] = [await historyOf(cluster, names), await cluster.temporalMetrics.read(), watch.end()];
  const perNodeHour = (value: number, of: number) => round((value / of / elapsed) * HOUR_S, 1);
  await load.stop();
  await cluster.stop();
  return {
    longestRun: after.longestRun,
    row: {
      regime: name,
      nodes,
      'events/node-hour': perNodeHour(after.events - before.events, names.length),
      'history bytes/node-hour': perNodeHour(after.bytes - before.bytes, names.length),
      'signals/node-hour': perNodeHour(counts.signals - countsBefore.signals, nodes),
      'workflow tasks/node-hour': perNodeHour(counts.workflowTasks - countsBefore.workflowTasks, nodes),
      'persistence calls/node-hour': perNodeHour(counts.persistenceCalls - countsBefore.persistenceCalls, nodes),
      'runs/node': round(after.runs / names.length, 1),
      'longest run, events': after.longestRun,
      'worker CPU, s/node-hour': perNodeHour(usage['worker']?.cpuSeconds ?? 0, nodes),
      'temporal CPU, s/node-hour': perNodeHour(usage['temporal']?.cpuSeconds ?? 0, nodes),
    },
  };
}

/** All runs of these nodes' workflows, including continued ones. */
async function historyOf(cluster: BenchCluster, names: readonly string[]): Promise<History> {
  const { workflows } = cluster;
  const total: History = { runs: 0, events: 0, bytes: 0, longestRun: 0 };
  for (const name of names) {
    const workflowId = lifecycleWorkflowId(name);
    for await (const { runId } of workflows.list({ query: `WorkflowId = '${workflowId}'` })) {
      const { historyLength, historySize = 0 } = await workflows.getHandle(workflowId, runId).describe();
      total.runs += 1;
      total.events += historyLength;
      total.bytes += historySize;
      total.longestRun = Math.max(total.longestRun, historyLength);
    }
  }
  return total;
}
