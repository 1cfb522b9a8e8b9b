import { beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { RequestMeter } from '../../../agent/sim/request-meter.js';
import { Simulation } from '../../../agent/sim/simulation.js';
import { getCluster, getMetrics, getNode, listNodeEvents, listNodes } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';

/**
 * A control plane that accepts three heartbeats a second, and agents that would send a dozen. The intervals that they are told exceed
 * DisconnectTimeout: if it were not stretched, every obeying node would be called lost.
 */
const NODES = 6;
const INTERVAL_MS = 500;
const TIMEOUT_MS = 2_000;
const MAX_PER_SECOND = 3;
/** The api's own node beats with them. */
const TOLD_MS = Math.ceil(((NODES + 1) * 1_000) / MAX_PER_SECOND);
const STRETCHED_MS = (TIMEOUT_MS * TOLD_MS) / INTERVAL_MS;

const { api } = useControlPlane({
  'Compute.Heartbeat.Interval': `${INTERVAL_MS}ms`,
  'Orchestrator.NodeManager.DisconnectTimeout': `${TIMEOUT_MS}ms`,
  'Orchestrator.NodeManager.MaxHeartbeatsPerSecond': String(MAX_PER_SECOND),
});
let simulation: Simulation;
let running: Promise<unknown>;
const stop = new AbortController();

beforeAll(() => {
  const plan = {
    servers: [api.url],
    joinToken: api.joinToken,
    nodes: NODES,
    namePrefix: 'paced-',
    labels: {},
    seed: 1,
    joinsPerSecond: null,
    heartbeatIntervalMs: INTERVAL_MS,
    infoIntervalMs: 60_000,
  };
  simulation = new Simulation(
    { ...plan, connections: 4, faults: [], statusEveryMs: 1_000, goodbye: false },
    '0.1.0',
    new RequestMeter(fetch),
    systemClock,
  );
  running = simulation.run(stop.signal);
});
atEndOfSuite(() => {
  stop.abort();
  return running;
});

const cluster = async () => (await getCluster({ client: api.admin })).data;
const nodes = async () => (await listNodes({ client: api.admin })).data?.items ?? [];
const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;

test('agents beat at the interval that they are told; none of them is called lost, except one that dies', async () => {
  await eventually(
    async () => expect((await nodes()).filter(({ status }) => status === 'HEALTHY')).toHaveLength(NODES),
    60_000,
  );
  await eventually(
    async () =>
      expect((await cluster())?.heartbeats).toMatchObject({
        intervalMs: TOLD_MS,
        configuredIntervalMs: INTERVAL_MS,
        stretched: true,
      }),
    30_000,
  );
  expect((await cluster())?.heartbeats).toMatchObject({
    expectedPerSecond: expect.closeTo(MAX_PER_SECOND, 1),
    maxPerSecond: MAX_PER_SECOND,
    signals: { regime: 'every', budgetPerSecond: 50, replicas: 1 },
  });
  const metrics = String((await getMetrics({ client: api.admin, parseAs: 'text' })).data);
  for (const line of [
    `rollcall_heartbeat_interval_seconds ${TOLD_MS / 1_000}`,
    'rollcall_heartbeat_signal_regime{regime="every"} 1',
    'rollcall_api_replicas 1',
  ])
    expect(metrics).toContain(line);

  // Each keeps beating at the interval that it was told; meanwhile all are healthy, and none misses a heartbeat.
  const beats = new Map<string, Set<string>>();
  await eventually(async () => {
    for (const { id, status, warning, lastHeartbeat } of await nodes()) {
      expect([id, status, warning]).toEqual([id, id === 'node-0' ? 'CONNECTED' : 'HEALTHY', false]);
      beats.set(id, (beats.get(id) ?? new Set()).add(lastHeartbeat ?? ''));
    }
    expect([...beats.values()].every(({ size }) => size > 4)).toBe(true);
  }, 60_000);
  // The first interval may have been told while the fleet was still counted smaller.
  const gaps = [...beats.values()].flatMap((seen) =>
    [...seen].slice(3).map((at, index) => Date.parse(at) - Date.parse([...seen][index + 2] ?? '')),
  );
  expect(Math.min(...gaps)).toBeGreaterThan(TIMEOUT_MS);

  const [dead = ''] = await simulation.strike('die', 1, 0);
  await eventually(async () => expect((await node(dead))?.status).toBe('UNHEALTHY'), STRETCHED_MS + 30_000);
  const { liveness, lastHeartbeat } = (await node(dead)) ?? {};
  const silence = Date.parse(liveness?.since ?? '') - Date.parse(lastHeartbeat ?? '');
  expect(silence).toBeGreaterThanOrEqual(STRETCHED_MS);
  if (process.env.LOG)
    process.stderr.write(`found after ${silence} ms of silence; its timeout was ${STRETCHED_MS} ms\n`);
  for (const { id } of await nodes()) {
    if (id === dead) continue;
    const { data } = await listNodeEvents({ client: api.admin, path: { id } });
    expect(data?.items.map(({ type }) => type)).not.toContain('NodeUnhealthy');
  }
}, 180_000);
