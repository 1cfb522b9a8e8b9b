import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import {
  activateNode,
  approveNode,
  createNode,
  deactivateNode,
  decommissionNode,
  getNode,
  listNodeSessions,
  openSession,
  rejectNode,
} from '../../../client/index.js';
import { readinessSchema } from '../../../contract/schemas/health.js';
import { CLUSTER_CLAIM_ID } from '../../../contract/temporal-names.js';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { LifecyclePorts } from '../../../src/activity-ports/lifecycle-ports.js';
import { PayloadEncryption } from '../../../src/temporal/payload-encryption.js';
import { readPayloadKeys } from '../../../src/temporal/payload-key.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { WorkflowWorker } from '../../../src/temporal/workflow-worker.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { ended, running } from '../../support/api/session-cluster.js';
import { startWorker } from '../../support/api/worker-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { allThatIsKept, asText, payloadsIn } from '../../support/temporal/payloads-in.js';
import { lifecycleBundle } from '../../support/workflow/lifecycle-bundle.js';

// One cluster, whose processes are begun anew with other keys: each test goes on where the one before it ended.

const mongod = useMongod();
const temporal = useTemporal();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-payloads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyFile = join(folder, 'payload.keys');
const [first, second, strange] = [1, 2, 3].map(() => randomBytes(32).toString('base64')) as [string, string, string];
const idOf = (key: string) => {
  const path = join(folder, 'one.key');
  writeFileSync(path, key);
  return readPayloadKeys(path)[0]?.id ?? '';
};
const keep = (...keys: string[]) => writeFileSync(keyFile, keys.map((key) => `${key}\n`).join(''));
const ENCRYPTED = { 'Orchestrator.Temporal.Payloads.KeyFile': keyFile };

let mongoUri: string | undefined;
let tokens: { admin: string; join: string } | undefined;
let api: ApiUnderTest;
let worker: INestApplicationContext;
let isRunning = false;

async function begin(settings: Record<string, string>): Promise<void> {
  await end();
  mongoUri ??= freshDatabase(mongod.uri);
  api = await startApi({
    mongoUri,
    temporal: (config) => TemporalModule.forClient(config),
    settings: {
      'Orchestrator.Temporal.Address': temporal.address,
      'Orchestrator.NodeManager.DisconnectTimeout': '5m',
      'Orchestrator.NodeManager.MissedHeartbeatsWarning': '1000',
      ...settings,
    },
    ...(tokens && { tokens }),
  });
  tokens = { admin: api.adminToken, join: api.joinToken };
  worker = await startWorker(api.config);
  isRunning = true;
}
async function end(): Promise<void> {
  if (!isRunning) return;
  isRunning = false;
  await worker.close();
  await api.close();
}
afterAll(end, 120_000);

const path = (id: string) => ({ client: api.admin, path: { id } });
const wait = { query: { wait: '30s' } };
const node = async (id: string) => (await getNode(path(id))).data;
const becomes = (id: string, expected: Record<string, unknown>) =>
  eventually(async () => expect(await node(id)).toMatchObject(expected), 60_000);
const readiness = async () => readinessSchema.parse(await (await api.raw('/readyz')).json());
const kept = () => allThatIsKept(temporal.env.client.workflow);
const ofNode = async (name: string) => (await kept()).get(lifecycleWorkflowId(name)) ?? [];
const keyOfClaim = async () => {
  const { memo } =
    (
      await temporal.env.connection.workflowService.describeWorkflowExecution({
        namespace: 'default',
        execution: { workflowId: CLUSTER_CLAIM_ID },
      })
    ).workflowExecutionInfo ?? {};
  return payloadsIn(memo)[0]?.keyId;
};

/** Words that stand nowhere in Temporal in clear. */
const SECRET = {
  principal: 'principal-of-the-test',
  statement: 'select payroll from statement_of_the_test',
  reason: 'reason-of-the-test',
  failure: 'failure-of-the-test',
};

async function joined(name: string): Promise<AgentUnderTest> {
  const agent = new AgentUnderTest(api);
  const { data } = await agent.register(api.joinToken, { name, labels: { only: name } });
  agent.uid = data?.uid ?? '';
  await agent.authenticate();
  await eventually(async () => {
    await agent.beat();
    expect(await node(name)).toMatchObject({ phase: 'ACTIVE', status: 'HEALTHY' });
  }, 60_000);
  return agent;
}

test('switched on in the midst of a life, the life goes on: what it read in clear it still reads', async () => {
  await begin({});
  await joined('early');
  await deactivateNode({ ...path('early'), body: { reason: 'in clear' }, ...wait });
  await becomes('early', { phase: 'DRAINED' });
  expect(asText(await ofNode('early'))).toContain('in clear');
  expect(await keyOfClaim()).toBe('');

  keep(first);
  await begin(ENCRYPTED);
  await eventually(async () => expect((await readiness()).temporal).toEqual({ ok: true, detail: 'answers' }), 60_000);
  const activated = await activateNode({ ...path('early'), body: { reason: SECRET.reason }, ...wait });
  expect(activated.data).toMatchObject({ applied: true, node: { phase: 'ACTIVE' } });
  expect(asText(await ofNode('early'))).not.toContain(SECRET.reason);
  // Who has no key is to find out by the claim, before it touches a life.
  await eventually(async () => expect(await keyOfClaim()).toBe(idOf(first)), 60_000);
});

describe('what Temporal keeps of a life', () => {
  test('has neither principal, statement, reason nor failure in clear', async () => {
    const fails = jest
      .spyOn(worker.get(LifecyclePorts, { strict: false }).nodes, 'project')
      .mockRejectedValueOnce(new Error(SECRET.failure));
    const agent = await joined('sealed');
    const external = runningSession('s1', { principal: SECRET.principal, statement: SECRET.statement });
    await agent.report([external]);
    await becomes('sealed', { activeSessions: 1 });
    expect((await listNodeSessions(path('sealed'))).data).toMatchObject({
      source: 'workflow',
      items: [{ principal: SECRET.principal, statement: SECRET.statement }],
    });
    const { data: session, error } = await openSession({
      client: api.admin,
      body: { principal: SECRET.principal, sql: SECRET.statement, labels: { only: 'sealed' } },
    });
    if (!session) throw new Error(JSON.stringify(error));
    await agent.report([external, running(session)]);
    await becomes('sealed', { activeSessions: 2 });
    await deactivateNode({
      ...path('sealed'),
      body: { reason: SECRET.reason, deadline: '1s', onDeadline: 'terminate' },
      ...wait,
    });
    await becomes('sealed', { phase: 'DRAINING', drain: { reason: SECRET.reason } });
    await eventually(async () => expect((await agent.commands()).data?.terminate).not.toEqual([]), 60_000);
    await agent.report([], [ended(session, 'TERMINATED')]);
    await becomes('sealed', { phase: 'DRAINED' });
    await rejectNode({ ...path('sealed'), body: { message: SECRET.reason }, ...wait });
    await approveNode({ ...path('sealed'), body: { reason: SECRET.reason }, ...wait });
    await decommissionNode({ ...path('sealed'), body: { reason: SECRET.reason } });
    await eventually(async () => expect((await getNode(path('sealed'))).response?.status).toBe(404), 60_000);
    expect(fails).toHaveBeenCalled();
    fails.mockRestore();

    const all = await kept();
    const everything = asText([...all]);
    for (const word of Object.values(SECRET)) expect(everything.includes(word)).toBe(false);
    const runs = all.get(lifecycleWorkflowId('sealed')) ?? [];
    expect(runs.length).toBeGreaterThan(0);
    const payloads = payloadsIn(runs);
    expect(payloads.length).toBeGreaterThan(20);
    expect(payloads.filter(({ keyId }) => keyId !== idOf(first))).toEqual([]);
    // What failed is there, without saying how.
    expect(everything).toContain('Encoded failure');
  });

  test('is read by a worker that has the key, and by no other: a replay finds the same commands', async () => {
    const history = await temporal.env.client.workflow.getHandle(lifecycleWorkflowId('sealed')).fetchHistory();
    const workflowBundle = await lifecycleBundle();
    const encryption = worker.get(PayloadEncryption, { strict: false });
    const replay = (options: object) =>
      Worker.runReplayHistory({ workflowBundle, ...options }, history, lifecycleWorkflowId('sealed'));
    await replay({ dataConverter: encryption.workerConverter });
    await replay({
      dataConverter: encryption.workerConverter,
      workflowBundle: await encryption.bundleOf(workflowBundle),
    });
    await expect(replay({})).rejects.toThrow();
  });

  test('has failures of the workflow itself encrypted too', async () => {
    await joined('broken');
    const handle = temporal.env.client.workflow.getHandle(lifecycleWorkflowId('broken'));
    // Of nobody's: it makes the workflow's code throw.
    await handle.signal('approve', null);
    const failure = await eventually(async () => {
      const { events } = await handle.fetchHistory();
      const found = events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes;
      expect(found?.failure).toBeTruthy();
      return found?.failure;
    }, 60_000);
    expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
    expect(payloadsIn(failure)).toEqual([
      { path: 'encodedAttributes', encoding: 'binary/encrypted', keyId: idOf(first) },
    ]);
    await handle.terminate('it was broken on purpose');
  });
});

test('a new key encrypts from now on, without a restart, and what the old one encrypted is still read', async () => {
  keep(second, first);
  process.emit('SIGHUP');
  await createNode({ client: api.admin, body: { name: 'later' } });
  const deactivated = await deactivateNode({ ...path('early'), body: { reason: SECRET.reason }, ...wait });
  expect(deactivated.data).toMatchObject({ applied: true });
  const keys = new Set(payloadsIn(await ofNode('early')).map(({ keyId }) => keyId));
  expect([...keys].toSorted()).toEqual(['', idOf(first), idOf(second)].toSorted());
  // A worker that has forgotten all reads it from its beginning.
  await begin(ENCRYPTED);
  await activateNode({ ...path('early'), body: {}, ...wait });
  await becomes('early', { phase: 'ACTIVE', decision: { appliedSeq: (await node('early'))?.decision.seq } });
});

test('the wrong key is said at once, touches nothing, and what was decided meanwhile is applied with the right one', async () => {
  keep(strange);
  await begin(ENCRYPTED);
  await eventually(
    async () =>
      expect((await readiness()).temporal).toEqual({
        ok: false,
        detail: `Temporal keeps what is encrypted with key ${await keyOfClaim()}, and this process does not have that key: add it as a line of ${keyFile} (Orchestrator.Temporal.Payloads.KeyFile)`,
      }),
    60_000,
  );
  const events = async () =>
    (await temporal.env.client.workflow.getHandle(lifecycleWorkflowId('early')).fetchHistory()).events?.length;
  const before = await events();
  const decided = await deactivateNode({ ...path('early'), body: { reason: 'decided without the key' } });
  expect(decided.response?.status).toBe(202);
  expect(worker.get(WorkflowWorker).isWorking).toBe(false);
  expect((await readiness()).ready).toBe(true);
  expect(await events()).toBe(before);

  // Without a restart, and without a word to the process.
  keep(second, first, strange);
  await eventually(async () => expect((await readiness()).temporal).toEqual({ ok: true, detail: 'answers' }), 60_000);
  await becomes('early', { phase: 'DRAINED' });
  expect(asText(await ofNode('early'))).not.toContain('decided without the key');
});

test('switched off, with the keys at hand, all of it is read and nothing new is encrypted', async () => {
  keep(second, first);
  await begin({ ...ENCRYPTED, 'Orchestrator.Temporal.Payloads.Encrypt': 'false' });
  const activated = await activateNode({ ...path('early'), body: { reason: 'in clear again' }, ...wait });
  expect(activated.data).toMatchObject({ applied: true, node: { phase: 'ACTIVE' } });
  expect(asText(await ofNode('early'))).toContain('in clear again');
});
