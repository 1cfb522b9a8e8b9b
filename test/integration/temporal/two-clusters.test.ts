import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { listNodes } from '../../../client/index.js';
import { LIFECYCLE_WORKFLOW, lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { readinessSchema } from '../../../contract/schemas/health.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { NamespaceTaken, WORKFLOWS_OF_A_CLUSTER } from '../../../src/temporal/namespace-taken.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { freshDatabase, startApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { startWorker as startWorkerOf } from '../../support/api/worker-under-test.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { startMongod, type Mongod } from '../../support/servers/mongod.js';
import { startTemporal, type Temporal } from '../../support/servers/temporal.js';
import { ownConfig, startClient, startWorker, type Part } from '../../support/temporal/control-plane.js';

let mongod: Mongod;
let temporal: Temporal;
beforeAll(async () => {
  [mongod, temporal] = await Promise.all([startMongod(), startTemporal()]);
}, 300_000);
afterAll(async () => {
  await Promise.all([mongod?.stop(), temporal?.stop()]);
});

/** The second cluster: its own database and, by default, a node-0 and the same task queue. */
let api: ApiUnderTest;
let worker: INestApplicationContext | undefined;
async function startSecond(taskQueue: string): Promise<void> {
  api = await startApi({
    mongoUri: freshDatabase(mongod.uri),
    temporal: (config) => TemporalModule.forClient(config),
    settings: { 'Orchestrator.Temporal.Address': temporal.address, 'Orchestrator.Temporal.TaskQueue': taskQueue },
  });
  worker = await startWorkerOf(api.config);
}
let first: Part | undefined;
let firstWorker: Part | undefined;
afterEach(async () => {
  await firstWorker?.close();
  await first?.close();
  await worker?.close();
  await api?.close();
}, 120_000);

beforeEach(async () => {
  await endWhatIsLeft();
  await eventually(async () => expect(await running()).toEqual([]), 60_000);
});

/** As in the message. */
async function endWhatIsLeft(): Promise<void> {
  const { workflow } = temporal.env.client;
  for await (const { workflowId } of workflow.list({
    query: `${WORKFLOWS_OF_A_CLUSTER} AND ExecutionStatus = 'Running'`,
  }))
    await workflow.getHandle(workflowId).terminate('that cluster is gone');
}

async function running(): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId } of temporal.env.client.workflow.list({
    query: `${WORKFLOWS_OF_A_CLUSTER} AND ExecutionStatus = 'Running'`,
  }))
    found.push(workflowId);
  return found;
}

const uidOf = async (name: string) =>
  (await temporal.env.client.workflow.getHandle(lifecycleWorkflowId(name)).describe()).memo?.['uid'];
const readiness = async () => readinessSchema.parse(await (await api.raw('/readyz')).json());
const secondsNode = async () => (await listNodes({ client: api.admin })).data?.items.find(({ id }) => id === 'node-0');

test('a second cluster in a namespace ends and starts nothing there, says why, and works once the first is gone', async () => {
  const config = ownConfig(mongod.uri, temporal.address);
  first = await startClient(config);
  firstWorker = await startWorker(config);
  const nodes = first.get(NodeStore);
  const node = await nodes.create(newNode('node-0', { at: Date.now() }), []);
  const applied = (seq: number) =>
    eventually(async () => expect((await nodes.findByUid(node.uid))?.applied?.seq).toBe(seq), 60_000);
  await applied(1);

  await startSecond(config.Orchestrator.Temporal.TaskQueue);
  await eventually(
    async () =>
      expect((await readiness()).temporal).toEqual({
        ok: false,
        since: expect.any(String),
        detail: expect.stringMatching(
          /is another cluster's.*Orchestrator\.Temporal\.Namespace.*temporal workflow terminate/,
        ),
      }),
    60_000,
  );
  const other = await eventually(async () => {
    const found = await api.app.get(NodeStore).findLiving('node-0');
    expect(found).not.toBeNull();
    return found as NodeRecord;
  }, 60_000);
  await expect(worker?.get(Lifecycles).ensureStarted(other)).rejects.toBeInstanceOf(NamespaceTaken);
  await expect(api.app.get(Lifecycles).signalDecision(other)).rejects.toBeInstanceOf(NamespaceTaken);

  // The first goes on undisturbed, with a worker of its own.
  const decided = await nodes.commitDecision(
    change((await nodes.findByUid(node.uid)) as NodeRecord, 'deactivate', 'new disks', Date.now()),
  );
  if (decided === 'conflict') throw new Error(decided);
  await first.get(Lifecycles).signalDecision(decided);
  await applied(2);
  expect(await uidOf('node-0')).toBe(node.uid);
  expect((await api.app.get(NodeStore).findByUid(other.uid))?.applied).toBeNull();

  await firstWorker.close();
  await first.close();
  first = firstWorker = undefined;
  await endWhatIsLeft();
  await eventually(async () => expect(await secondsNode()).toMatchObject({ phase: 'ACTIVE' }), 120_000);
  expect(await uidOf('node-0')).toBe(other.uid);
  expect((await readiness()).temporal.ok).toBe(true);
}, 300_000);

test('lifecycles from before claims existed belong to another cluster if the record knows none of them', async () => {
  const { workflow } = temporal.env.client;
  const memo = { uid: 'of-a-database-that-was-lost', nodeId: 'node-0', type: 'Requester' };
  await workflow.start(LIFECYCLE_WORKFLOW, {
    workflowId: lifecycleWorkflowId('node-0'),
    taskQueue: 'nobody-works-here',
    args: [],
    memo,
  });
  await eventually(async () => expect(await running()).toEqual([lifecycleWorkflowId('node-0')]), 60_000);
  await startSecond('of-its-own');
  await eventually(
    async () => expect((await readiness()).temporal.detail).toMatch(/its workflow lifecycle-node-0 runs there/),
    60_000,
  );
  expect(await uidOf('node-0')).toBe(memo.uid);
  await endWhatIsLeft();
  await eventually(async () => expect(await secondsNode()).toMatchObject({ phase: 'ACTIVE' }), 120_000);
}, 300_000);
