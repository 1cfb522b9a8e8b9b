import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { freePort } from '../../../embedded/free-port.js';
import { freeLoopbackAddress, WorkerDoor } from '../../../src/temporal/worker-door.js';
import { SLOTS } from '../../../src/temporal/worker-sizing.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { startApi } from '../../support/api/api-under-test.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';
import { startMongod, type Mongod } from '../../support/servers/mongod.js';
import { startTemporal, type Temporal } from '../../support/servers/temporal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ownConfig } from '../../support/temporal/control-plane.js';
import { program, type Program } from '../../support/temporal/processes.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

let mongod: Mongod;
let temporal: Temporal;
let settings: Record<string, string>;
let address: string;
let worker: Program;
beforeAll(async () => {
  [mongod, temporal] = await Promise.all([startMongod(), startTemporal()]);
  const { MongoDB, Temporal } = ownConfig(mongod.uri, temporal.address).Orchestrator;
  address = `127.0.0.1:${await freePort('127.0.0.1', [])}`;
  settings = {
    'Orchestrator.MongoDB.URI': String(MongoDB.URI),
    'Orchestrator.Temporal.Address': String(Temporal.Address),
    'Orchestrator.Temporal.TaskQueue': Temporal.TaskQueue,
    'Orchestrator.Worker.MetricsAddress': address,
  };
  worker = program('worker.main.js', settings);
  await worker.says(/"msg":"working"/);
}, 120_000);
afterAll(async () => {
  await worker?.kill();
  await Promise.all([temporal?.stop(), mongod?.stop()]);
}, 60_000);

/** The values of a metric, by the type of task. */
async function metric(name: string, queue: string): Promise<Record<string, number>> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && line.includes(`task_queue="${queue}"`));
  return Object.fromEntries(
    lines.map((line) => [/worker_type="(\w+)"/.exec(line)?.[1] ?? '', Number(line.split(' ').at(-1))]),
  );
}

test('a worker reports used and free slots by queue and kind, and how long tasks waited', async () => {
  const queue = settings['Orchestrator.Temporal.TaskQueue'] ?? '';
  await eventually(async () => {
    const [used, free] = [
      await metric('temporal_worker_task_slots_used', queue),
      await metric('temporal_worker_task_slots_available', queue),
    ];
    expect((used['WorkflowWorker'] ?? 0) + (free['WorkflowWorker'] ?? 0)).toBe(
      SLOTS.maxConcurrentWorkflowTaskExecutions,
    );
    expect((used['ActivityWorker'] ?? 0) + (free['ActivityWorker'] ?? 0)).toBe(
      SLOTS.maxConcurrentActivityTaskExecutions,
    );
    expect((used['LocalActivityWorker'] ?? 0) + (free['LocalActivityWorker'] ?? 0)).toBe(
      SLOTS.maxConcurrentLocalActivityExecutions,
    );
  }, 60_000);
  // The sweep holds its slot for minutes, and none of the others' queue.
  await eventually(
    async () =>
      expect(await metric('temporal_worker_task_slots_used', `${queue}-sweep`)).toMatchObject({ ActivityWorker: 1 }),
    60_000,
  );
  expect(await (await fetch(`http://${address}/metrics`)).text()).toContain(
    'temporal_workflow_task_schedule_to_start_latency',
  );
}, 180_000);

test('a worker whose servers answer does not warn at its start that they do not', () => {
  expect(worker.log).not.toContain('does not answer');
});

test('a worker reports whether it lives, takes tasks and reaches its servers', async () => {
  const get = async (path: string) => {
    const answer = await fetch(`http://${address}${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  expect(await get('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
  const answers = { ok: true, detail: 'answers' };
  const version = {
    buildId: expect.stringMatching(/^[0-9a-f]{12}$/),
    deployment: null,
    current: true,
    detail: 'takes no part in worker versioning',
  };
  await eventually(
    async () =>
      expect(await get('/readyz')).toEqual({
        status: 200,
        body: { ready: true, mongodb: answers, temporal: answers, version },
      }),
    60_000,
  );
  expect((await get('/other')).status).toBe(404);
  const text = await (await fetch(`http://${address}/metrics`)).text();
  for (const line of ['rollcall_ready 1', 'rollcall_server_up{server="temporal"} 1']) expect(text).toContain(line);
  expect(text).toContain('process_cpu_seconds_total');
});

test('a support bundle lists the workers, and contains the metrics of named ones', async () => {
  const { 'Orchestrator.MongoDB.URI': mongoUri = '', ...others } = settings;
  const api = await startApi({ mongoUri, temporal: (config) => TemporalModule.forClient(config), settings: others });
  try {
    const folder = await temporaryFolder();
    const [path, nobody] = [join(folder, 'bundle.tar.gz'), await freeLoopbackAddress()];
    const env = { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken };
    const terminal = fakeTerminal({ now: Date.now(), env });
    const words = ['support-bundle', '--out', path, '--worker', address, '--worker', `http://${nobody}`];
    expect(await run(words, terminal, new AbortController().signal)).toBe(0);
    expect(spawnSync('tar', ['-xzf', path, '-C', folder]).status).toBe(0);
    const inside = (name: string) => readFile(join(folder, 'rollcall-support', name), 'utf8');
    expect(JSON.parse(await inside('workers.json'))).toEqual([
      {
        identity: expect.stringMatching(/^rollcall-worker\/\d+\.\d+\.\d+ [0-9a-f]{12} \d+@\S+$/),
        takes: ['workflows', 'activities', 'deliveries', 'sweeps'],
        lastAsked: expect.stringMatching(/^\d{4}-.*Z$/),
        deployment: null,
        buildId: null,
      },
    ]);
    const name = `worker-${address.replace(':', '-')}`;
    expect(JSON.parse(await inside(`${name}-readyz.json`))).toMatchObject({ ready: true, temporal: { ok: true } });
    expect(await inside(`${name}-metrics.txt`)).toContain('rollcall_ready 1');
    const missing = (file: string) =>
      `worker-${nobody.replace(':', '-')}-${file}: http://${nobody} does not answer (ECONNREFUSED)\n`;
    expect(await inside('failures.txt')).toBe(missing('readyz.json') + missing('metrics.txt'));
  } finally {
    await api.close();
  }
}, 120_000);

test('its own metrics are served even if those of the SDK cannot be read', async () => {
  const [at, nobody] = [await freeLoopbackAddress(), await freeLoopbackAddress()];
  await WorkerDoor.open(at, new MetricRegistry(), nobody);
  const answer = await fetch(`http://${at}/metrics`);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toMatch(/^rollcall_ready 0$/m);
  expect(text).toMatch(/^# The SDK's metrics cannot be read: /m);
});

test('a worker that cannot serve its metrics says so, and ends', async () => {
  const second = program('worker.main.js', settings);
  expect(await second.exitCode()).toBe(2);
  expect(second.log).toBe(
    `worker: Orchestrator.Worker.MetricsAddress: nothing can be served at ${address} (EADDRINUSE); name another address:port\n`,
  );
}, 120_000);
