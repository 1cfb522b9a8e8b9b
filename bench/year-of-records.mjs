// What a year leaves in MongoDB: written by Rollcall's own stores into a real mongod, and measured there. Run it after a build:
//   node bench/year-of-records.mjs [nodes]
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import { AUDITED_EVENTS } from '../dist/contract/audit.js';
import { decide, firstDecision } from '../dist/contract/decision.js';
import { loadConfig } from '../dist/contract/config/load-config.js';
import { TokenStore } from '../dist/src/auth/token-store.js';
import { IdempotencyStore } from '../dist/src/http/idempotency-store.js';
import { MongoDrainSetStore } from '../dist/src/mongo/mongo-drain-set-store.js';
import { MongoModule } from '../dist/src/mongo/mongo.module.js';
import { DatabaseProbe } from '../dist/src/process/server-probe.js';
import { EventStore } from '../dist/src/record/event-store.js';
import { NodeStore } from '../dist/src/record/node-store.js';
import { scratchMongod } from './harness/scratch-mongod.mjs';

const NODES = Number(process.argv[2] ?? 1_000);
/** Events of a busy node in a year, an assumption. */
const YEAR = { silences: 100, drains: 12, edits: 4, replacedShare: 0.3, drainSets: 250, requests: 24 * 60 };
const DAY_MS = 86_400_000;
const NOW = Date.now();
const moment = () => NOW - Math.floor(Math.random() * 365 * DAY_MS);

const server = await scratchMongod();
const uri = new URL(server.uri);
uri.pathname = '/year';
const config = loadConfig({ env: {}, flags: {} });
const app = await NestFactory.createApplicationContext(MongoModule.forRoot(uri.href, config), { logger: ['error'] });
await app.get(DatabaseProbe).ready;
const [nodes, events, tokens] = [app.get(NodeStore), app.get(EventStore), app.get(TokenStore)];

const INFO = {
  agentVersion: '0.1.0',
  hostname: 'compute-rack-07-node-0123',
  os: {
    platform: 'linux',
    distribution: 'Debian GNU/Linux',
    release: '12',
    kernel: '6.1.0-28-amd64',
    architecture: 'x64',
  },
  cpu: {
    model: 'AMD EPYC 7543 32-Core Processor',
    vendor: 'AuthenticAMD',
    physicalCores: 32,
    logicalCores: 64,
    usableCores: 64,
  },
  memory: { totalBytes: 540_000_000_000, usableBytes: 540_000_000_000 },
  disks: Array.from({ length: 4 }, (_, index) => ({
    mount: `/data/disk-${index}`,
    type: 'ext4',
    totalBytes: 3_840_000_000_000,
  })),
  gpus: Array.from({ length: 4 }, (_, index) => ({
    index,
    vendor: 'NVIDIA',
    model: 'NVIDIA A100-SXM4-80GB',
    memoryBytes: 85_899_345_920,
  })),
};
const LABELS = { pool: 'training', rack: 'r-07', zone: 'fra-1', generation: '2026' };

const event = (node, type, by, reason) => ({
  id: `${String(made++).padStart(12, '0')}-${randomUUID()}`,
  ...{ uid: node.uid, node: node.name, token: null, at: moment(), type, by, reason },
  ...(by === 'system' ? { byId: null, from: null } : { byId: '4f0c1f2e9a7b6c5d', from: '10.20.30.40' }),
});
let made = 0;
const people = ['ana', 'ben', 'oidc:carla@example.com'];
const person = () => people[made % people.length];

let pending = [];
const write = async (batch) => {
  pending.push(...batch);
  if (pending.length < 2_000) return;
  await events.append(pending);
  pending = [];
};

const names = Array.from({ length: NODES }, (_, index) => `compute-${String(index).padStart(4, '0')}`);
const replaced = names.slice(0, Math.round(NODES * YEAR.replacedShare));
for (const name of [...replaced, ...names]) {
  const at = moment();
  const decision = firstDecision({ at, by: 'ana', reason: '', registered: true, approval: 'APPROVED' });
  const joining = { publicKeyX: randomUUID() + randomUUID().slice(0, 7), info: INFO };
  const node = await nodes.create(
    {
      uid: randomUUID(),
      name,
      type: 'Compute',
      labels: LABELS,
      description: 'delivered in spring',
      decision,
      at,
      joining,
    },
    [],
  );
  const isRemoved = (await stillOf(name)) > 0;
  await write([
    event(node, 'SlotCreated', person(), ''),
    event(node, 'TokenIssued', person(), ''),
    event(node, 'NodeJoined', `agent:${name}`, 'with bootstrap token 4f0c1f2e9a7b6c5d'),
    event(node, 'FirstHeartbeat', 'system', ''),
  ]);
  for (let index = 0; index < YEAR.silences; index += 1)
    await write([
      event(node, 'NodeUnhealthy', 'system', 'no heartbeat for 1m0s'),
      event(node, 'NodeHealthy', 'system', 'it was heard again'),
    ]);
  for (let index = 0; index < YEAR.drains; index += 1)
    await write([
      event(node, 'NodeDeactivated', person(), 'firmware of its disks, ticket OPS-1234'),
      event(node, 'NodeDrained', 'system', 'no session is left'),
      event(node, 'NodeActivated', person(), ''),
    ]);
  for (let index = 0; index < YEAR.edits; index += 1) await write([event(node, 'NodeEdited', person(), 'labels')]);
  await tokens.create({
    ...{
      id: randomUUID().slice(0, 16),
      kind: 'bootstrap',
      secretHash: 'x'.repeat(43),
      description: '',
      uses: 1,
      maxUses: 1,
      labels: {},
    },
    ...{
      namePattern: null,
      autoApprove: null,
      nodeUid: node.uid,
      createdAt: at,
      createdBy: 'ana',
      revokedAt: null,
      expiresAt: at + 1_800_000,
    },
  });
  if (isRemoved)
    await nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision: decide(node.decision, 'remove', { at: at + DAY_MS, by: 'ana', reason: 'its board is broken' }),
      event: event(node, 'NodeRemoved', 'ana', 'its board is broken'),
    });
}
if (pending.length > 0) await events.append(pending);

/** The first of two nodes with a name is the one that was replaced. */
async function stillOf(name) {
  const position = replaced.indexOf(name);
  if (position < 0) return 0;
  replaced[position] = '';
  return 1;
}

const drains = app.get(MongoDrainSetStore);
for (let index = 0; index < YEAR.drainSets; index += 1) {
  const at = moment();
  const members = Array.from({ length: 48 }, (_, member) => ({
    uid: randomUUID(),
    name: names[member % NODES],
    state: 'DRAINED',
    since: at,
    reason: '',
    seq: 7,
  }));
  await drains.create({
    ...{
      id: randomUUID().slice(0, 8),
      actor: { by: 'ana', byId: '4f0c1f2e9a7b6c5d', from: '10.20.30.40' },
      at,
      reason: 'kernel 6.1.0-29',
      labels: ['rack=r-07'],
    },
    ...{
      maxUnavailable: 4,
      patienceMs: 3_600_000,
      onDeadline: 'wait',
      ruling: { seq: 1, value: 'resume', at, by: 'ana' },
      members,
    },
    ...{
      state: 'DONE',
      revision: 96,
      rulingSeq: 1,
      others: { count: 0, named: [] },
      waiting: false,
      endedAt: at + 7_200_000,
    },
  });
}

// Those of one day, since they are kept for a day.
const answers = app.get(IdempotencyStore);
for (let index = 0; index < YEAR.requests; index += 1) {
  const request = { principal: 'token 4f0c1f2e9a7b6c5d', key: randomUUID(), fingerprint: 'x'.repeat(43) };
  await answers.begin(request, NOW);
  await answers.complete(
    { ...request, claimedAt: NOW },
    { status: 202, body: { iv: 'x'.repeat(16), sealed: 'x'.repeat(3_000) } },
  );
}

const { db } = app.get(getConnectionToken());
await db.admin().command({ fsync: 1 });
const row = async (what, collection, filter) => {
  const { count, avgObjSize, storageSize, totalIndexSize } = await db.command({ collStats: collection });
  const some = filter === undefined ? count : await db.collection(collection).countDocuments(filter);
  const share = some / count;
  const mb = (bytes) => ((bytes * share) / 1e6).toFixed(1);
  return `| ${what} | ${some.toLocaleString('en')} | ${avgObjSize} | ${mb(count * avgObjSize)} | ${mb(storageSize)} | ${mb(totalIndexSize)} |`;
};
console.log('| | documents | bytes each | MB of documents | MB on disk | MB of indexes |\n|---|---|---|---|---|---|');
const DECIDED = { type: { $in: [...AUDITED_EVENTS] } };
console.log(await row('events of the audit', 'events', DECIDED));
console.log(await row('other events', 'events', { $nor: [DECIDED] }));
console.log(await row('removed nodes', 'nodes', { living: { $exists: false } }));
console.log(await row('living nodes', 'nodes', { living: true }));
console.log(await row('bootstrap tokens', 'tokens'));
console.log(await row('drains of 48 nodes', 'drains'));
console.log(await row('idempotency keys of a day', 'idempotencykeys'));
await app.close();
await server.stop();
