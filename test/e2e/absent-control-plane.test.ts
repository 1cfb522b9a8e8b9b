import { spawnSync } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { until } from '../support/cluster/local-cluster.js';
import { DISCONNECT_TIMEOUT_MS, UNKNOWN_TIMEOUT_MS } from '../support/cluster/cluster-configuration.js';
import type { StoredEvent } from '../support/cluster/fault-cluster.js';
import type { Victim } from '../support/cluster/victim.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/** Nodes are judged by their silence, and never by outages of the control plane. */

const NODES = ['node-1', 'node-2', 'node-3'];
/** Agents and verdicts would have had time for both steps down. */
const OUTAGE_MS = DISCONNECT_TIMEOUT_MS + UNKNOWN_TIMEOUT_MS + 1_000;

const cluster = useCluster(NODES);
let uids: string[];
let begun: number;

beforeAll(async () => {
  uids = await livingUids();
}, 120_000);

beforeEach(() => {
  begun = Date.now();
});

afterEach(async () => {
  for (const victim of cluster.victims.toReversed()) if (!victim.isRunning) await victim.start();
});

const livingUids = () => Promise.all(NODES.map(async (name) => (await cluster.record(name))._id));

/** Stops what `absent` names for longer than any node may be silent, and waits until the nodes have been heard again. */
async function outage(...absent: Victim[]): Promise<void> {
  const since = Date.now();
  await Promise.all(absent.map((victim) => victim.kill()));
  await until(() => Date.now() - since > OUTAGE_MS, 'the outage has lasted long enough');
  for (const victim of absent) await victim.start();
  await heardAnew();
}

/** Resolves when every node's workflow has heard it from now on, so that due verdicts have been made. */
async function heardAnew(names = NODES): Promise<void> {
  const since = Date.now();
  for (const name of names) {
    await eventually(async () => {
      const { lastHeartbeat, liveness } = await cluster.lifecycle(name);
      expect(lastHeartbeat).toBeGreaterThan(since);
      expect([name, liveness.value]).toEqual([name, 'HEALTHY']);
    }, 30_000);
  }
}

/** No node was found silent since this test began. */
async function expectNoVerdict(names = NODES): Promise<void> {
  const verdicts = await cluster.db
    .collection<StoredEvent>('events')
    .find({ node: { $in: names }, type: { $in: ['NodeUnhealthy', 'NodeUnknown'] }, at: { $gt: begun } })
    .toArray();
  expect(verdicts).toEqual([]);
}

test('no api for longer than the timeouts: no node is blamed', async () => {
  await outage(cluster.api);
  await expectNoVerdict();
});

test('an api that comes and goes, each time for less than the timeout: no node is blamed', async () => {
  for (const _time of [1, 2, 3]) {
    await cluster.api.restart();
    await eventually(async () => expect((await cluster.readiness()).status).toBe(200));
  }
  await heardAnew();
  await expectNoVerdict();
});

test('no mongod for longer than the timeouts: no node is blamed', async () => {
  await outage(cluster.mongod);
  await expectNoVerdict();
});

test.each([
  ['an api that hangs', () => [cluster.api]],
  ['a mongod that hangs', () => [cluster.mongod]],
  ['a machine that sleeps', () => cluster.victims],
])('%s for longer than the timeouts: no node is blamed', async (_what, frozen) => {
  const since = Date.now();
  for (const victim of frozen()) victim.freeze();
  await until(() => Date.now() - since > OUTAGE_MS, 'it has lasted long enough');
  for (const victim of frozen()) victim.thaw();
  await heardAnew();
  await expectNoVerdict();
});

test('no Temporal and no worker for longer than the timeouts, while the agents beat: no node is blamed', async () => {
  await outage(cluster.temporal, cluster.worker);
  await expectNoVerdict();
});

/** Needs Debian's faketime; src/mongo/record-clock.ts has a test that does not. */
const withWrongClocks = spawnSync('faketime', ['--version']).status === 0 ? test : test.skip;

withWrongClocks.each(['+1h', '-1h'])(
  'an api whose clock is off by %s refuses no agent, blames none, and finds the one that dies',
  async (off) => {
    cluster.api.clock = off;
    await cluster.api.restart();
    await heardAnew();
    expect((await cluster.record('node-1'))._id).toBe(uids[0]);
    await expectNoVerdict();
    cluster.api.clock = undefined;
    await cluster.api.restart();
    await cluster.agents.get('node-3')?.kill();
    await cluster.status('node-3', 'UNHEALTHY');
    expect((await cluster.lifecycle('node-3')).lastHeartbeat).toBeLessThan(Date.now());
    await cluster.startAgent('node-3');
    await heardAnew();
  },
);

test('an agent that dies during an outage of the api is found after it, and no other node is blamed', async () => {
  await cluster.api.kill();
  await cluster.agents.get('node-3')?.kill();
  const restarted = Date.now();
  await cluster.api.start();
  await cluster.status('node-3', 'UNHEALTHY');
  await cluster.status('node-3', 'UNKNOWN');
  const { _id: uid } = await cluster.record('node-3');
  const found = (await cluster.events(uid)).findLast(({ type }) => type === 'NodeUnhealthy');
  expect((found?.at ?? 0) - restarted).toBeGreaterThan(DISCONNECT_TIMEOUT_MS - 1_000);
  await expectNoVerdict(['node-1', 'node-2']);
});

test('kill -9 of an agent: UNHEALTHY after DisconnectTimeout, UNKNOWN after UnknownTimeout more; after a restart HEALTHY, and the same node', async () => {
  await cluster.agents.get('node-2')?.kill();
  await cluster.status('node-2', 'UNHEALTHY');
  await cluster.status('node-2', 'UNKNOWN');
  await cluster.startAgent('node-2');
  await cluster.status('node-2', 'HEALTHY');

  const { _id: uid } = await cluster.record('node-2');
  const [unhealthy, unknown, ...after] = (await cluster.events(uid))
    .filter(({ type }) => ['NodeUnhealthy', 'NodeUnknown', 'NodeRestarted', 'NodeHealthy'].includes(type))
    .slice(-4);
  expect([unhealthy?.type, unknown?.type, ...after.map(({ type }) => type)]).toEqual([
    'NodeUnhealthy',
    'NodeUnknown',
    'NodeRestarted',
    'NodeHealthy',
  ]);
  const lastHeard = Date.parse(/last heartbeat (\S+)/.exec(unhealthy?.reason ?? '')?.[1] ?? '');
  expect((unhealthy?.at ?? 0) - lastHeard).toBeGreaterThanOrEqual(DISCONNECT_TIMEOUT_MS);
  expect((unknown?.at ?? 0) - lastHeard).toBeGreaterThanOrEqual(DISCONNECT_TIMEOUT_MS + UNKNOWN_TIMEOUT_MS);
  expect(await livingUids()).toEqual(uids);
  expect(await cluster.db.collection('nodes').countDocuments({ type: 'Compute' })).toBe(NODES.length);
});
