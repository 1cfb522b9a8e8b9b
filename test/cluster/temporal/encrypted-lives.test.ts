import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { activateNode, deactivateNode } from '../../../client/index.js';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { PayloadEncryption } from '../../../src/temporal/payload-encryption.js';
import { WorkflowWorker } from '../../../src/temporal/workflow-worker.js';
import { eventually } from '../../support/eventually.js';
import { newPayloadKey, useEncryptedCluster } from '../../support/temporal/encrypted-cluster.js';
import { asText, payloadsIn } from '../../support/temporal/payloads-in.js';
import { lifecycleBundle } from '../../support/workflow/lifecycle-bundle.js';

// One cluster, whose processes are restarted with other keys: each test continues where the previous one ended.

const cluster = useEncryptedCluster();
const [first, second, strange] = [newPayloadKey(), newPayloadKey(), newPayloadKey()];
const wait = { query: { wait: '30s' } };

beforeAll(async () => {
  cluster.keep(first);
  await cluster.begin(cluster.encrypted);
  await cluster.joined('early');
}, 240_000);

test('a life can only be read by a worker with the key: its replay produces the same commands', async () => {
  const history = await cluster.temporal.env.client.workflow.getHandle(lifecycleWorkflowId('early')).fetchHistory();
  const workflowBundle = await lifecycleBundle();
  const encryption = cluster.worker.get(PayloadEncryption, { strict: false });
  const replay = (options: object) =>
    Worker.runReplayHistory({ workflowBundle, ...options }, history, lifecycleWorkflowId('early'));
  await replay({ dataConverter: encryption.workerConverter });
  await replay({
    dataConverter: encryption.workerConverter,
    workflowBundle: await encryption.bundleOf(workflowBundle),
  });
  await expect(replay({})).rejects.toThrow();
});

test('a life is shown by Temporal’s own command, with the api as its codec server', async () => {
  const temporal = await findBinary(TEMPORAL);
  const show = async (...more: string[]) => {
    const args = ['workflow', 'describe', '--address', cluster.temporal.address, '--output', 'json', ...more];
    const { stdout } = await promisify(execFile)(temporal, [...args, '--workflow-id', lifecycleWorkflowId('early')]);
    // Of its memo, as of its start.
    return /"nodeId":\s*"early"/.test(stdout);
  };
  expect(await show()).toBe(false);
  const { url, adminToken } = cluster.api;
  expect(await show('--codec-endpoint', `${url}/v1/codec`, '--codec-auth', `Bearer ${adminToken}`)).toBe(true);
});

test('failures of the workflow itself are encrypted too', async () => {
  await cluster.joined('broken');
  const handle = cluster.temporal.env.client.workflow.getHandle(lifecycleWorkflowId('broken'));
  // An invalid payload, which makes the workflow's code throw.
  await handle.signal('approve', null);
  const failure = await eventually(async () => {
    const { events } = await handle.fetchHistory();
    const found = events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes;
    expect(found?.failure).toBeTruthy();
    return found?.failure;
  }, 60_000);
  expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
  expect(payloadsIn(failure)).toEqual([
    { path: 'encodedAttributes', encoding: 'binary/encrypted', keyId: cluster.idOf(first) },
  ]);
  await handle.terminate('it was broken on purpose');
});

test('a new key encrypts from now on, without a restart, and what the old one encrypted can still be read', async () => {
  cluster.keep(second, first);
  process.emit('SIGHUP');
  const deactivated = await deactivateNode({ ...cluster.path('early'), body: { reason: 'new disks' }, ...wait });
  expect(deactivated.data).toMatchObject({ applied: true });
  const keys = new Set(payloadsIn(await cluster.ofNode('early')).map(({ keyId }) => keyId));
  expect([...keys].toSorted()).toEqual([cluster.idOf(first), cluster.idOf(second)].toSorted());
  // A worker without a cache reads it from the beginning.
  await cluster.begin(cluster.encrypted);
  await activateNode({ ...cluster.path('early'), body: {}, ...wait });
  await cluster.becomes('early', {
    phase: 'ACTIVE',
    decision: { appliedSeq: (await cluster.node('early'))?.decision.seq },
  });
});

test('the wrong key is reported at once and changes nothing; decisions made meanwhile are applied with the right one', async () => {
  cluster.keep(strange);
  await cluster.begin(cluster.encrypted);
  await eventually(
    async () =>
      expect((await cluster.readiness()).temporal).toEqual({
        ok: false,
        since: expect.any(String),
        detail: `Temporal keeps what is encrypted with key ${await cluster.keyOfClaim()}, and this process does not have that key: add it as a line of ${cluster.keyFile} (Orchestrator.Temporal.Payloads.KeyFile)`,
      }),
    60_000,
  );
  const events = async () =>
    (await cluster.temporal.env.client.workflow.getHandle(lifecycleWorkflowId('early')).fetchHistory()).events?.length;
  const before = await events();
  const decided = await deactivateNode({ ...cluster.path('early'), body: { reason: 'decided without the key' } });
  expect(decided.response?.status).toBe(202);
  expect(cluster.worker.get(WorkflowWorker).isWorking).toBe(false);
  expect((await cluster.readiness()).ready).toBe(true);
  expect(await events()).toBe(before);

  // Without a restart or a signal to the process.
  cluster.keep(second, first, strange);
  await eventually(
    async () => expect((await cluster.readiness()).temporal).toEqual({ ok: true, detail: 'answers' }),
    60_000,
  );
  await cluster.becomes('early', { phase: 'DRAINED' });
  expect(asText(await cluster.ofNode('early'))).not.toContain('decided without the key');
});

test('after it is switched off, with the keys still there, everything can be read and nothing new is encrypted', async () => {
  cluster.keep(second, first);
  await cluster.begin({ ...cluster.encrypted, 'Orchestrator.Temporal.Payloads.Encrypt': 'false' });
  const activated = await activateNode({ ...cluster.path('early'), body: { reason: 'in clear again' }, ...wait });
  expect(activated.data).toMatchObject({ applied: true, node: { phase: 'ACTIVE' } });
  expect(asText(await cluster.ofNode('early'))).toContain('in clear again');
});
