import { defineBench, type Findings } from './harness/bench.js';
import { ProcessUsage } from './harness/process-usage.js';
import { settle } from './harness/settle.js';
import { Simulator } from './harness/simulator.js';

/** All agents start at once, as after a power cut. */
export const herd = defineBench({
  name: 'herd',
  shows: 'agents that start all at once: how long until all are HEALTHY, and what they are answered',
  whole: { nodes: 20_000, connections: 512 },
  small: { nodes: 15, connections: 16 },
  async run({ nodes, connections }, { say, startCluster, atEnd }): Promise<Findings> {
    const cluster = await startCluster();
    const watch = new ProcessUsage(cluster.pids);
    const simulator = await Simulator.start(cluster, { nodes, joinsPerSecond: null, connections });
    atEnd(() => simulator.stop());
    const { healthy, seconds: took } = await settle(
      nodes,
      () => cluster.healthy('sim-'),
      (line) => say(`${line} (${simulator.status?.joined ?? 0} joined)`),
    );
    const lost = await cluster.db
      .collection('events')
      .countDocuments({ type: { $in: ['NodeUnhealthy', 'NodeUnknown'] } });
    const usage = watch.end();
    const { answers, fatal, allJoinedMs, refusals } = await simulator.end();
    const statuses = Object.entries(answers).flatMap(([asked, counts]) =>
      Object.entries(counts).map(([status, count]) => ({ asked, status, count })),
    );
    const wrong = statuses.filter(
      ({ status }) => (/^5/.test(status) && status !== '503') || /without Retry-After/.test(status),
    );
    const ended = Object.values(fatal).reduce((sum, count) => sum + count, 0);
    return {
      rows: statuses.map(({ asked, status, count }) => ({ asked, answer: status, count })),
      claims: [
        {
          what: 'until all are HEALTHY',
          required: 'listed',
          measured:
            healthy === nodes
              ? `${took.toFixed(1)} s (all joined after ${((allJoinedMs ?? 0) / 1_000).toFixed(1)} s)`
              : `${healthy} of ${nodes} after ${took.toFixed(0)} s`,
          holds: healthy === nodes,
        },
        {
          what: 'answers of 5xx but 503, and 429 or 503 without Retry-After',
          required: '0',
          measured:
            wrong.length === 0
              ? '0'
              : wrong.map(({ asked, status, count }) => `${asked} ${status}×${count}`).join(', '),
          holds: wrong.length === 0,
        },
        {
          what: 'agents that gave up, nodes that were called lost meanwhile',
          required: '0, 0',
          measured: `${ended}, ${lost}`,
          holds: ended === 0 && lost === 0,
        },
      ],
      notes: [
        `${nodes} agents in one process, which has at most ${connections} requests under way at once (a real herd has a connection for each): the others wait their turn in the simulator, and it is no time-out of theirs.`,
        `One join token for all. Refusals by code: ${
          Object.entries(refusals)
            .map(([code, count]) => `${code}×${count}`)
            .join(' ') || 'none'
        }. ${Object.entries(fatal)
          .map(([why, count]) => `${count}×: ${why}`)
          .join(' ')}`.trim(),
        `CPU: ${Object.entries(usage)
          .map(
            ([name, { cpuSeconds, rssMb }]) =>
              `${name} ${cpuSeconds.toFixed(0)} s, ${Math.round(rssMb.max)} MB at most`,
          )
          .join('; ')}.`,
      ],
    };
  },
});
