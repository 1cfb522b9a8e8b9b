import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { Test } from '@nestjs/testing';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { approveNode, listNodes, rejectNode } from '../../../client/index.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { isDatabaseUnavailable } from '../../../src/mongo/database-unavailable.js';
import { FIRST_VERSION, Migrations, type Migration } from '../../../src/mongo/migrations.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { SCHEMA_VERSION, type SchemaVersionDocument } from '../../../src/mongo/schema-version-store.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { ROLLCALL_VERSION } from '../../../src/process/program.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { freshDatabase, startApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { MARKED, marking } from '../../support/mongo/marking-migration.mjs';
import { useMongod } from '../../support/servers/mongod.js';

/** A record's schema version, and replicas of several versions with one record (docs/adr/0032). The migrations are the tests' own. */

const mongod = useMongod();
const CONFIG = loadConfig({ env: {}, flags: {} });
const SOON = { leaseMs: 3_000, lookEveryMs: 200, noticeMs: 3_000 };
const ends: (() => Promise<unknown>)[] = [];
/** The log of all replicas of a test, since Nest has one for all. */
let lines: string[] = [];
afterEach(async () => {
  lines = [];
  for (const end of ends.splice(0).toReversed()) await end();
});

/** The part of a replica that opens the record, with these migrations in its code. */
async function beginReplica(uri: string, table: readonly Migration[] = [], timing = SOON) {
  const note = (entry: unknown) => void lines.push(JSON.stringify(entry));
  const log: LoggerService = { log: note, warn: note, error: note };
  const module = await Test.createTestingModule({ imports: [MongoModule.forRoot(uri, CONFIG)] })
    .overrideProvider(Migrations)
    .useValue(new Migrations(table, timing))
    .setLogger(log)
    .compile();
  const context = await module.init();
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await context.close();
    isClosed = true;
  };
  ends.push(close);
  const probe = context.get(DatabaseProbe);
  return {
    nodes: context.get<NodeStore>(NodeStore),
    connection: context.get<Connection>(getConnectionToken()),
    ready: probe.ready,
    close,
    /** As /readyz reports it. */
    says: () =>
      probe.check().then(
        () => 'answers',
        ({ message }: Error) => message,
      ),
  };
}

async function connect(uri: string): Promise<mongo.Db> {
  const connection = await mongoose.createConnection(uri).asPromise();
  ends.push(() => connection.close());
  return connection.db as mongo.Db;
}

/** A database from before versions existed, with this many documents. */
async function oldRecord(count: number): Promise<{ uri: string; db: mongo.Db }> {
  const uri = freshDatabase(mongod.uri);
  const db = await connect(uri);
  await db.collection<{ _id: number }>(MARKED).insertMany(Array.from({ length: count }, (_, _id) => ({ _id })));
  return { uri, db };
}

const versionOf = (db: mongo.Db) => db.collection<SchemaVersionDocument>(SCHEMA_VERSION).findOne({});
const marksOf = async (db: mongo.Db) =>
  (await db.collection(MARKED).find().sort({ _id: 1 }).toArray()).map(({ marks }) => marks as number | undefined);
const V1_1 = { major: 1, minor: 1 };
const V2_0 = { major: 2, minor: 0 };
/** Versions after all those of the product's own table. */
const NEXT = { ...new Migrations().known, minor: new Migrations().known.minor + 1 };

/** Lets a migration do this many batches, and no more until it is opened. */
function gate(batches: number) {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let left = batches;
  return { open, before: () => (left-- > 0 ? Promise.resolve() : opened) };
}

test('a new record has the version of the code that creates it, without migrations', async () => {
  const uri = freshDatabase(mongod.uri);
  const replica = await beginReplica(uri, [marking(V1_1)]);
  await replica.ready;
  expect(await versionOf(await connect(uri))).toEqual({ _id: 'record', version: V1_1, by: ROLLCALL_VERSION, done: [] });
});

test('of several replicas that start, one runs a migration, once, while the others wait', async () => {
  const { uri, db } = await oldRecord(55);
  const replicas = await Promise.all(
    [0, 1, 2].map(() => beginReplica(uri, [marking(V1_1), marking({ major: 1, minor: 2 })])),
  );
  await Promise.all(replicas.map(({ ready }) => ready));
  expect(await marksOf(db)).toEqual(Array(55).fill(2));
  const version = await versionOf(db);
  expect(version).toMatchObject({ version: { major: 1, minor: 2 }, by: ROLLCALL_VERSION });
  expect(version?.running).toBeUndefined();
  expect(version?.done.map(({ to, documents }) => [to, documents])).toEqual([
    [V1_1, 55],
    [{ major: 1, minor: 2 }, 55],
  ]);
});

test('the progress of a migration is shown by its replica, by those that wait, and in the log', async () => {
  const { uri, db } = await oldRecord(30);
  const { open, before } = gate(1);
  const doing = await beginReplica(uri, [marking(V1_1, before)]);
  const words = 'the record is being brought to schema 1.1: marks all things, 10 documents so far';
  await eventually(async () => expect(await doing.says()).toBe(words));
  const waiting = await beginReplica(uri, [marking(V1_1)]);
  await eventually(async () => expect(await waiting.says()).toBe(words.replace('1.1:', '1.1 by another process:')));
  expect(isDatabaseUnavailable(await waiting.nodes.findLiving('a').catch((error: unknown) => error))).toBe(true);
  open();
  await Promise.all([doing.ready, waiting.ready]);
  expect([await doing.says(), await waiting.says()]).toEqual(['answers', 'answers']);
  expect(await marksOf(db)).toEqual(Array(30).fill(1));
  expect(lines.filter((line) => line.includes('the record has schema 1.1 now'))).toHaveLength(1);
});

test('an interrupted migration continues where it was', async () => {
  const { uri, db } = await oldRecord(100);
  const program = fileURLToPath(new URL('../../support/mongo/migrating-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, uri], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  ends.push(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await eventually(() => expect(text).toContain('in the midst'));
  child.kill('SIGKILL');
  await exit;
  expect((await versionOf(db))?.running).toMatchObject({ to: V1_1, documents: 30, position: 29 });
  const replica = await beginReplica(uri, [marking(V1_1)]);
  await replica.ready;
  // Only the batch in which it died is repeated.
  expect(await marksOf(db)).toEqual(Array.from({ length: 100 }, (_, id) => (id >= 30 && id < 35 ? 2 : 1)));
  expect(await versionOf(db)).toMatchObject({ version: V1_1, done: [{ to: V1_1, documents: 100 }] });
});

test('a replica that returns after another took the migration over leaves it to that one', async () => {
  const { uri, db } = await oldRecord(40);
  const { open, before } = gate(1);
  const slow = await beginReplica(uri, [marking(V1_1, before)]);
  await eventually(async () => expect((await versionOf(db))?.running?.documents).toBe(10));
  // As if its lease had expired, since it was paused for longer.
  const versions = db.collection<SchemaVersionDocument>(SCHEMA_VERSION);
  await versions.updateOne({}, { $set: { 'running.holder': 'another' } });
  open();
  await slow.ready;
  // Its batch does not count, and was repeated by the replica that took over: itself, after the other was silent.
  expect(await versionOf(db)).toMatchObject({ version: V1_1, done: [{ documents: 40 }] });
  expect(await marksOf(db)).toEqual(Array.from({ length: 40 }, (_, id) => (id >= 10 && id < 20 ? 2 : 1)));
});

test('a failed migration is reported with the reason, and retried', async () => {
  const { uri, db } = await oldRecord(20);
  let failures = 2;
  const failing = async () => {
    if (failures-- > 0) throw new Error('a thing has no number');
  };
  const replica = await beginReplica(uri, [marking(V1_1, failing)]);
  await replica.ready;
  expect(await marksOf(db)).toEqual(Array(20).fill(1));
  const words = 'the record cannot be brought to schema 1.1 (marks all things): a thing has no number';
  expect(lines.filter((line) => line.includes(words))).toHaveLength(1);
});

test('an older replica works beside a newer one that adds to the record, and starts beside it', async () => {
  const uri = freshDatabase(mongod.uri);
  const db = await connect(uri);
  const older = await startApi({ mongoUri: uri });
  ends.push(() => older.close());
  for (const name of ['a', 'b', 'c']) await new AgentUnderTest(older).join(older.joinToken, name);
  const { open, before } = gate(0);
  const adding: Migration = {
    to: NEXT,
    does: 'ranks nodes',
    async batch(record) {
      await before();
      const { modifiedCount } = await record
        .collection('nodes')
        .updateMany({ rank: { $exists: false } }, { $set: { rank: { at: 7 } } });
      await record.collection('nodes').createIndex({ 'rank.at': 1 });
      await record.collection('ranks').insertOne({});
      return modifiedCount === 0 ? undefined : { position: null, documents: modifiedCount };
    },
  };
  const newer = await beginReplica(uri, [adding]);
  await eventually(async () => expect(await newer.says()).toContain('ranks nodes'));
  const rejected = await rejectNode({ client: older.admin, path: { id: 'a' }, body: { message: 'no' } });
  expect(rejected.response?.status).toBe(202);
  open();
  await newer.ready;
  expect(await db.collection('nodes').countDocuments({ 'rank.at': 7 })).toBe(4);

  const another = await startApi({
    mongoUri: uri,
    settings: { 'Orchestrator.Name': 'node-00' },
    tokens: { admin: older.adminToken, join: older.joinToken },
  });
  ends.push(() => another.close());
  const approved = await approveNode({ client: another.admin, path: { id: 'a' }, body: {} });
  expect(approved.response?.status).toBe(202);
  expect((await rejectNode({ client: older.admin, path: { id: 'b' }, body: { message: 'no' } })).response?.status).toBe(
    202,
  );
  const { data } = await listNodes({ client: older.admin, query: { type: 'Compute' } });
  expect(data?.items.map(({ id, approval }) => [id, approval.value])).toEqual([
    ['a', 'APPROVED'],
    ['b', 'REJECTED'],
    ['c', 'APPROVED'],
  ]);
  expect((await newer.nodes.findLiving('b'))?.decision.approval.value).toBe('REJECTED');
  // What the newer one added is still there.
  expect(await db.collection('nodes').countDocuments({ 'rank.at': 7 })).toBe(4);
});

test('a record of a newer major version is closed to older replicas before anything is removed', async () => {
  const { uri, db } = await oldRecord(5);
  const older = await beginReplica(uri);
  await older.ready;
  expect(await versionOf(db)).toMatchObject({ version: FIRST_VERSION });
  const closed: boolean[] = [];
  const taking = marking(V2_0, async () => {
    closed.push((await older.says()) !== 'answers');
  });
  const newer = await beginReplica(uri, [taking]);
  await newer.ready;
  expect(closed).toEqual([true, true]);
  const words = `the record has schema 2.0 of Rollcall ${ROLLCALL_VERSION}, and this process (Rollcall ${ROLLCALL_VERSION}) knows schemas up to 1.0: start Rollcall ${ROLLCALL_VERSION} or later`;
  expect(await older.says()).toBe(words);
  expect(isDatabaseUnavailable(await older.nodes.findLiving('a').catch((error: unknown) => error))).toBe(true);
  const late = await beginReplica(uri);
  await eventually(async () => expect(await late.says()).toBe(words));
  // Each says so once, however often it looks.
  await eventually(() => expect(lines.filter((line) => line.includes(words))).toHaveLength(2));
  expect(await newer.says()).toBe('answers');
  await newer.close();

  // An earlier backup is restored: both go on by themselves.
  await db.collection<SchemaVersionDocument>(SCHEMA_VERSION).updateOne({}, { $set: { version: FIRST_VERSION } });
  await eventually(async () => expect([await older.says(), await late.says()]).toEqual(['answers', 'answers']));
  expect(await older.nodes.findLiving('a')).toBeNull();
});
