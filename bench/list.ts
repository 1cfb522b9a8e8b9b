import { program } from '../embedded/installation.js';
import { runCommand } from '../embedded/run-command.js';
import { defineBench, type Findings, type Row } from './harness/bench.js';
import { Latencies, round } from './harness/latencies.js';
import { SeededFleet } from './harness/seeded-fleet.js';

const P50_MS = 20;
const P99_MS = 100;
const CLI_MS = 3_000;
const CLI_WITHIN_MS = 120_000;
/** Maximum page size. */
const PAGE = 100;

/** All filters and sort orders of GET /v1/nodes, and common combinations. */
const QUERIES = [
  '',
  'approval=APPROVED',
  'liveness=HEALTHY',
  'phase=ACTIVE',
  'type=Compute',
  'label=zone=a',
  'label=rack=r7',
  'label=zone',
  'q=-19',
  'sort=-id',
  'sort=createdAt',
  'sort=-createdAt',
  'sort=lastHeartbeat',
  'sort=-lastHeartbeat',
  'approval=APPROVED&liveness=HEALTHY&phase=ACTIVE&type=Compute',
  'label=zone=b&sort=-lastHeartbeat',
  'liveness=UNHEALTHY',
  'phase=PENDING&phase=DRAINING',
];

interface NodePage {
  items: unknown[];
  nextCursor: string | null;
}

/** Pages of a large fleet's list. */
export const list = defineBench({
  name: 'list',
  shows: `pages of ${PAGE} of GET /v1/nodes by every filter and sort, and rollcall node list`,
  whole: { nodes: 20_000, requests: 200 },
  small: { nodes: 250, requests: 3 },
  async run({ nodes, requests }, { say, startCluster }): Promise<Findings> {
    // Heartbeats play no part in it: with ingest's interval the two can share a cluster when figures mean nothing.
    const cluster = await startCluster({ recordOnly: true, settings: { 'Compute.Heartbeat.Interval': '100ms' } });
    await SeededFleet.write(cluster, { prefix: 'list-', count: nodes, workflows: false });
    say(`${nodes} nodes are in the record`);
    const rows: Row[] = [];
    let [slowestP50, slowestP99] = [0, 0];
    for (const query of QUERIES) {
      const times = new Latencies();
      let cursor: string | null = null;
      let items = 0;
      for (let asked = 0; asked < requests; asked++) {
        const path: string = `/v1/nodes?limit=${PAGE}${query === '' ? '' : `&${query}`}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const page: NodePage = await times.time(() => cluster.ask<NodePage>('GET', path));
        // Page after page, starting over at the end.
        cursor = page.nextCursor;
        items += page.items.length;
      }
      slowestP50 = Math.max(slowestP50, times.percentile(50) ?? 0);
      slowestP99 = Math.max(slowestP99, times.percentile(99) ?? 0);
      rows.push({
        query: query === '' ? '(none)' : query,
        pages: requests,
        'nodes a page': round(items / requests, 1),
        'p50, ms': times.percentile(50),
        'p99, ms': times.percentile(99),
        'max, ms': times.max,
      });
    }
    const summaries = new Latencies();
    for (let asked = 0; asked < requests; asked++) await summaries.time(() => cluster.ask('GET', '/v1/cluster'));
    rows.push({
      query: 'GET /v1/cluster',
      pages: requests,
      'nodes a page': null,
      'p50, ms': summaries.percentile(50),
      'p99, ms': summaries.percentile(99),
      'max, ms': summaries.max,
    });

    const printed = new Latencies();
    const { stdout } = await printed.time(() =>
      runCommand(process.execPath, [program('cli/main.js'), 'node', 'list', '--no-headers'], {
        timeoutMs: CLI_WITHIN_MS,
        env: cluster.cliEnvironment,
      }),
    );
    const lines = stdout.trim().split('\n').length;
    return {
      rows,
      claims: [
        {
          what: 'p50 of the slowest query',
          required: `under ${P50_MS} ms`,
          measured: `${slowestP50} ms`,
          holds: slowestP50 < P50_MS,
        },
        {
          what: 'p99 of the slowest query',
          required: `under ${P99_MS} ms`,
          measured: `${slowestP99} ms`,
          holds: slowestP99 < P99_MS,
        },
        {
          what: `rollcall node list, ${lines} lines`,
          required: `under ${CLI_MS / 1_000} s for 20,000`,
          measured: `${((printed.max ?? 0) / 1_000).toFixed(2)} s`,
          holds: lines < 20_000 ? null : (printed.max ?? 0) < CLI_MS,
        },
      ],
      notes: [
        'The nodes were written into the record; one reader, one request at a time, page after page by cursor. No Temporal and no worker, which have no part in it.',
      ],
    };
  },
});
