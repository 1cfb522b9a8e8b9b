import { join } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  removeNode,
  getNode,
  listNodeEvents,
  listNodeSessions,
  getSession,
  rejectNode,
} from '../../../client/index.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { startWorker } from '../../support/api/worker-under-test.js';
import { eventually } from '../../support/eventually.js';
import { startMongod, type Mongod } from '../../support/servers/mongod.js';
import { startTemporal, type Temporal } from '../../support/servers/temporal.js';
import { removeFolder } from '../../support/remove-folder.js';

let folder: string;
let mongod: Mongod;
let temporal: Temporal;
let api: ApiUnderTest;
let worker: INestApplicationContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-sessions-'));
  [mongod, temporal] = await Promise.all([startMongod(), startTemporal({ dbFilename: join(folder, 'temporal.db') })]);
  api = await startApi({
    mongoUri: freshDatabase(mongod.uri),
    temporal: (config) => TemporalModule.forClient(config),
    settings: {
      'Orchestrator.Temporal.Address': temporal.address,
      'Orchestrator.NodeManager.DisconnectTimeout': '10s',
      'Orchestrator.NodeManager.UnknownTimeout': '1s',
    },
  });
  worker = await startWorker(api.config);
}, 300_000);

afterAll(async () => {
  await worker?.close();
  await api?.close();
  await Promise.all([temporal?.stop(), mongod?.stop()]);
  await removeFolder(folder);
}, 60_000);

const describeNode = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;
const session = async (id: string) => (await getSession({ client: api.admin, path: { id } })).data;

async function healthy(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  await eventually(async () => {
    await agent.beat();
    expect(await describeNode(name)).toMatchObject({ liveness: { value: 'HEALTHY' } });
  }, 60_000);
  return agent;
}

test('sessions that were reported while Temporal was away end with their node, and its workflow hears of those that go on', async () => {
  const [rejected, dead, living] = await Promise.all(['rejected', 'dead', 'living'].map(healthy));
  const port = Number(temporal.address.split(':').at(-1));
  await temporal.stop();
  for (const [agent, id] of [
    [rejected, 's-rejected'],
    [dead, 's-dead'],
    [living, 's-living'],
  ] as const) {
    expect((await agent?.reportOnce([runningSession(id)]))?.response?.status).toBe(503);
  }
  expect(
    (await rejectNode({ client: api.admin, path: { id: 'rejected' }, body: { message: 'unauthorized' } })).response
      ?.status,
  ).toBe(202);
  temporal = await startTemporal({ dbFilename: join(folder, 'temporal.db'), port });

  // Its agent beats, and its report is not sent again.
  await eventually(async () => {
    await living?.beat();
    expect((await listNodeSessions({ client: api.admin, path: { id: 'living' } })).data).toMatchObject({
      source: 'workflow',
      items: [{ id: 's-living' }],
    });
  }, 120_000);
  await eventually(
    async () =>
      expect(await session('s-rejected')).toMatchObject({ state: 'TERMINATED', reason: 'the node was rejected' }),
    120_000,
  );
  await eventually(
    async () => expect(await session('s-dead')).toMatchObject({ state: 'LOST', reason: 'their node is lost' }),
    120_000,
  );
  const { data } = await listNodeEvents({ client: api.admin, path: { id: 'rejected' } });
  expect(data?.items.map(({ type }) => type)).toContain('SessionsTerminated');
  for (const id of ['rejected', 'dead'])
    expect((await removeNode({ client: api.admin, path: { id } })).error).toBeUndefined();
}, 300_000);
