import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { activateNode, deactivateNode, openSession } from '../../client/index.js';
import { PROMTOOL } from '../../scripts/test-tools.mjs';
import { eventually } from '../support/eventually.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { scrape, sumOf } from '../support/scrape.js';

const cluster = useCluster(['node-1', 'node-2']);
const exposition = (process: 'api' | 'worker') => `${process === 'api' ? cluster.url : cluster.workerUrl}/metrics`;
const PROCESSES = ['api', 'worker'] as const;

/** The rows of docs/metrics.md, one for each metric. */
async function documented(): Promise<
  { name: string; type: string; labels: string[]; processes: string; help: string }[]
> {
  const text = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (.*) \| (.*) \| (.*) \|$/gm)].map(
    ([, name = '', type = '', labels = '', processes = '', help = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
      processes,
      help,
    }),
  );
}

const counted = (process: 'api' | 'worker', name: string, labels?: Record<string, string>) =>
  eventually(
    async () => expect([name, (await sumOf(exposition(process), name, labels)) > 0]).toEqual([name, true]),
    60_000,
  );

test('metrics cover a life: its joining, decisions, drain, session and silence', async () => {
  const of = { client: cluster.admin, path: { id: 'node-1' } };
  await counted('worker', 'rollcall_node_join_healthy_seconds_count');
  await counted('worker', 'rollcall_decision_applied_seconds_count', { action: 'register' });

  await deactivateNode({ ...of, body: { reason: 'new disks' } });
  await counted('worker', 'rollcall_decision_applied_seconds_count', { action: 'deactivate' });
  await counted('worker', 'rollcall_drain_duration_seconds_count', { ended_by: 'sessions' });
  expect(await sumOf(exposition('api'), 'rollcall_decisions_total', { action: 'deactivate' })).toBe(1);
  await activateNode({ ...of, body: {} });
  await counted('worker', 'rollcall_decision_applied_seconds_count', { action: 'activate' });

  const headers = { 'Idempotency-Key': randomUUID() };
  await eventually(async () => {
    const { error } = await openSession({
      client: cluster.admin,
      headers,
      body: { principal: 'ada', sql: 'SELECT 1' },
    });
    expect(error).toBeUndefined();
  }, 60_000);
  await counted('api', 'rollcall_session_delivery_seconds_count', { command: 'open' });

  await cluster.agents.get('node-1')?.kill();
  await counted('worker', 'rollcall_silence_detection_delay_seconds_count');
  await counted('worker', 'rollcall_liveness_looks_total', { found: 'silent' });
  await counted('api', 'rollcall_heartbeat_signals_total', { verdict: 'change' });
  await counted('api', 'rollcall_heartbeat_signals_total', { verdict: 'within_budget' });
}, 240_000);

test.each(PROCESSES)('the %s has the metrics of docs/metrics.md', async (process) => {
  const told = await scrape(exposition(process));
  const rows = (await documented()).filter(({ processes }) => processes.split(', ').includes(process));
  expect(rows.length).toBeGreaterThan(40);
  for (const { name, type, labels, help } of rows) {
    const family = told.get(name);
    const isOfTheSdk = name.startsWith('temporal_');
    // The SDK has some metrics only once something has happened, and its own descriptions.
    if (isOfTheSdk && family === undefined) continue;
    expect({ name, type: family?.type, help: isOfTheSdk ? help : family?.help }).toEqual({ name, type, help });
    for (const sample of family?.samples ?? [])
      expect([name, ...Object.keys(sample.labels).filter((label) => label !== 'le')].toSorted()).toEqual(
        [name, ...labels].toSorted(),
      );
  }
  const ours = (names: Iterable<string>) => [...names].filter((name) => !name.startsWith('temporal_')).toSorted();
  expect(ours(told.keys())).toEqual(ours(rows.map(({ name }) => name)));
});

(PROMTOOL.isThere() ? test : test.skip).each(PROCESSES)(
  'promtool finds nothing amiss in what the %s tells',
  async (process) => {
    const text = await (await fetch(exposition(process))).text();
    const complaints = await new Promise<string>((resolve) => {
      const promtool = execFile('promtool', ['check', 'metrics'], (_error, stdout, stderr) => resolve(stdout + stderr));
      promtool.stdin?.end(text);
    });
    expect(complaints).toBe('');
  },
);
