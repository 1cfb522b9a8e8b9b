import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { freePort } from '../../../embedded/free-port.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { LifecycleUnavailable } from '../../../src/lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { eventually } from '../../support/eventually.js';
import { sharedMongod, type Mongod } from '../../support/servers/mongod.js';
import { ownConfig, startClient, type Part } from '../../support/temporal/control-plane.js';
import { program, temporalServer, type Program } from '../../support/temporal/processes.js';
import { removeFolder } from '../../support/remove-folder.js';

// An acknowledged decision is never lost: real processes, killed as the kernel kills.

const ADMIN_TOKEN = `rca_${'a'.repeat(16)}_${createHash('sha256').update('crashes').digest('base64url')}`;

let folder: string;
let mongod: Mongod;
let temporal: Program;
let worker: Program;
let settings: Record<string, string>;
let here: Part;
let nodes: NodeStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-crashes-'));
  mongod = await sharedMongod();
  const port = await freePort('127.0.0.1', []);
  temporal = await temporalServer(port, join(folder, 'temporal.db'));
  const config = ownConfig(mongod.uri, `127.0.0.1:${port}`);
  const { MongoDB, Temporal } = config.Orchestrator;
  settings = {
    'Orchestrator.MongoDB.URI': String(MongoDB.URI),
    'Orchestrator.Temporal.Address': String(Temporal.Address),
    'Orchestrator.Temporal.TaskQueue': Temporal.TaskQueue,
  };
  here = await startClient(config);
  nodes = here.get(NodeStore);
  await eventually(() => here.get(TemporalProbe).check());
  worker = program('worker.main.js', settings);
  await worker.says(/"msg":"working"/);
}, 120_000);
afterAll(async () => {
  await worker?.kill();
  await here?.close();
  await temporal?.kill();
  await mongod?.stop();
  await removeFolder(folder);
});
afterEach(() => temporal.signal('SIGCONT'));

let count = 0;
let node: NodeRecord;
beforeEach(async () => {
  count += 1;
  node = await nodes.create(newNode(`node-${count}`), []);
  await here.get(Lifecycles).ensureStarted(node);
  await applied(1);
});

async function applied(seq: number): Promise<NodeRecord> {
  return eventually(async () => {
    const found = await nodes.findByUid(node.uid);
    expect(found?.applied?.seq).toBe(seq);
    return found as NodeRecord;
  }, 40_000);
}

async function commit(action: 'activate' | 'deactivate'): Promise<NodeRecord> {
  const decided = await nodes.commitDecision(
    change((await nodes.findByUid(node.uid)) as NodeRecord, action, '', Date.now()),
  );
  if (decided === 'conflict') throw new Error(decided);
  return decided;
}

test('survives kill -9 of the api between the commit and the signal', async () => {
  await writeFile(join(folder, 'admin-token'), ADMIN_TOKEN);
  const api = program('api.main.js', {
    ...settings,
    'Orchestrator.API.Port': '0',
    'Orchestrator.Auth.AdminTokenFile': join(folder, 'admin-token'),
  });
  try {
    const [, url] = await api.says(/"url":"([^"]+)"/);
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    await eventually(async () =>
      expect((await fetch(`${url}/v1/nodes/${node.name}`, { headers: { authorization } })).status).toBe(200),
    );
    // The signal gets no further than this, so the api dies between the two.
    temporal.signal('SIGSTOP');
    const request = fetch(`${url}/v1/nodes/${node.name}/deactivate`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"reason":"new disks"}',
    }).catch(() => undefined);
    await eventually(async () => expect((await nodes.findByUid(node.uid))?.decision.seq).toBe(2));
    await api.kill();
    await request;
  } finally {
    await api.kill();
  }
  expect((await nodes.findByUid(node.uid))?.applied?.seq).toBe(1);
  temporal.signal('SIGCONT');
  const { phase, decision } = await applied(2);
  expect([phase, decision.availability.reason]).toEqual(['DRAINED', 'new disks']);
}, 90_000);

test('an Idempotency-Key outlives kill -9 of the api between the commit and the answer: what others decided since stands', async () => {
  await writeFile(join(folder, 'admin-token'), ADMIN_TOKEN);
  const api = program('api.main.js', {
    ...settings,
    'Orchestrator.API.Port': '0',
    'Orchestrator.Auth.AdminTokenFile': join(folder, 'admin-token'),
  });
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const url = async () => {
    const [, address] = await api.says(/"url":"([^"]+)"/);
    await eventually(async () =>
      expect((await fetch(`${address}/v1/nodes/${node.name}`, { headers: { authorization } })).status).toBe(200),
    );
    return address;
  };
  const decide = async (action: string, key?: string) =>
    fetch(`${await url()}/v1/nodes/${node.name}/${action}`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: '{"reason":"new disks"}',
    });
  try {
    await url();
    temporal.signal('SIGSTOP');
    const request = decide('deactivate', 'once').catch(() => undefined);
    await eventually(async () => expect((await nodes.findByUid(node.uid))?.decision.seq).toBe(2));
    await api.kill();
    await request;
    temporal.signal('SIGCONT');
    api.restart();
    expect((await decide('activate')).status).toBeLessThan(300);
    // Seventy-one seconds later.
    const mongoClient = await mongo.MongoClient.connect(settings['Orchestrator.MongoDB.URI'] ?? '');
    await mongoClient
      .db()
      .collection('idempotencykeys')
      .updateMany({}, { $inc: { claimedAt: -71_000 } });
    await mongoClient.close();
    const again = await decide('deactivate', 'once');
    expect([again.status, again.headers.get('idempotency-replayed'), await again.json()]).toEqual([
      202,
      'true',
      expect.objectContaining({ applied: false }),
    ]);
    expect((await nodes.findByUid(node.uid))?.decision).toMatchObject({ seq: 3, availability: { value: 'ACTIVE' } });
  } finally {
    await api.kill();
  }
}, 120_000);

test('survives kill -9 of the worker in the midst of applying', async () => {
  for (const [index, delayMs] of [0, 5, 15, 30, 60].entries()) {
    await here.get(Lifecycles).signalDecision(await commit(index % 2 === 0 ? 'deactivate' : 'activate'));
    // Wherever it is by now: before, within or after the activity that writes.
    await pause(delayMs);
    await worker.kill();
    worker.restart();
  }
  await worker.says(/"msg":"working"/);
  expect((await applied(6)).phase).toBe('DRAINED');
}, 120_000);

test('survives Temporal being down at the time, and killed', async () => {
  await temporal.kill();
  const decided = await commit('deactivate');
  await expect(here.get(Lifecycles).signalDecision(decided)).rejects.toBeInstanceOf(LifecycleUnavailable);
  temporal.restart();
  expect((await applied(2)).phase).toBe('DRAINED');
}, 120_000);

test('the worker that lived through all of this ends with exit code 0 when it is asked to', async () => {
  worker.signal('SIGTERM');
  expect(await worker.exitCode()).toBe(0);
});
