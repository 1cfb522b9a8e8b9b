import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from '@jest/globals';
import mongoose, { mongo, type Connection } from 'mongoose';
import { inspectBackup } from '../../../src/mongo/backup/backup-file.js';
import { restoreBackup } from '../../../src/mongo/backup/restore-backup.js';
import { saveBackup } from '../../../src/mongo/backup/save-backup.js';
import { useMongod } from '../../support/servers/mongod.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';
import { removeFolder } from '../../support/remove-folder.js';

const { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp, EJSON } = mongo.BSON;

const mongod = useMongod();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
atEndOfSuite(() => removeFolder(folder));

let count = 0;
/** A database of its own, with its cluster's id if it has one. */
async function database(clusterId?: string): Promise<Connection> {
  const uri = new URL(mongod.uri);
  uri.pathname = `/backup-${process.pid}-${(count += 1)}`;
  const connection = await mongoose.createConnection(uri.href).asPromise();
  open.push(connection);
  if (clusterId !== undefined)
    await collection(connection, 'cluster').insertOne({ _id: 'cluster' as never, id: clusterId });
  return connection;
}
const open: Connection[] = [];
atEndOfSuite(async () => {
  for (const connection of open) {
    await connection.dropDatabase();
    await connection.close();
  }
});

const collection = (connection: Connection, name: string) => (connection.db as mongo.Db).collection(name);
const all = async (connection: Connection, name: string) =>
  EJSON.stringify(await collection(connection, name).find({}, { promoteValues: false }).sort({ _id: 1 }).toArray(), {
    relaxed: false,
  });

let source: Connection;
let file: string;
beforeEach(async () => {
  source = await database('cluster-1');
  file = join(folder, `backup-${count}`);
});

test('a restored database equals the saved one, type by type, without data of later', async () => {
  const types = {
    date: new Date(0),
    long: Long.fromBits(1, 1),
    int: new Int32(5),
    double: new Double(5),
    decimal: Decimal128.fromString('0.1'),
    binary: new Binary(Buffer.from([0, 255])),
    object: new ObjectId(),
    timestamp: new Timestamp({ t: 1, i: 2 }),
    nothing: null,
    text: 'line one\nline two $date "quoted" \u2028',
    nested: { list: [1, { $dollar: 'sign' }], empty: {} },
  };
  await collection(source, 'nodes').insertMany(
    Array.from({ length: 1_200 }, (_, index) => ({ index, ...types, object: new ObjectId() })),
  );
  await collection(source, 'events').insertOne(types);
  const saved = await saveBackup(source, file);
  expect(saved).toMatchObject({ clusterId: 'cluster-1', counts: { cluster: 1, nodes: 1_200, events: 1 } });

  const target = await database('cluster-2');
  await collection(target, 'nodes').insertOne({ of: 'another past' });
  await collection(target, 'sessions').insertOne({ of: 'another past' });
  expect(await restoreBackup(target, file, true)).toEqual(saved);
  for (const name of ['nodes', 'events', 'cluster', 'sessions'])
    expect(await all(target, name)).toBe(await all(source, name));
});

test('a backup is of one moment, whatever is written meanwhile', async () => {
  for (const name of ['decisions', 'events']) await (source.db as mongo.Db).createCollection(name);
  await collection(source, 'decisions').insertMany(Array.from({ length: 5_000 }, () => ({ filler: 'x'.repeat(200) })));
  await collection(source, 'events').insertMany(Array.from({ length: 5_000 }, () => ({ filler: 'x'.repeat(200) })));
  const over = new AbortController();
  const writer = (async () => {
    while (!over.signal.aborted)
      await source.transaction(async (session) => {
        await collection(source, 'decisions').insertOne({}, { session });
        await collection(source, 'events').insertOne({}, { session });
      });
  })();
  const numbers = new Set<number | undefined>();
  for (let turn = 0; turn < 4; turn += 1) {
    const { counts } = await saveBackup(source, file);
    expect(counts['decisions']).toBe(counts['events']);
    numbers.add(counts['decisions']);
  }
  over.abort();
  await writer;
  // Something was written in between.
  expect(numbers.size).toBeGreaterThan(1);
});

test('only its owner reads a backup', async () => {
  await saveBackup(source, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each([
  ['a file that was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40), 'damaged'],
  [
    'one without its end',
    (bytes: Buffer) => gzipSync(gunzipSync(bytes).toString().split('\n').slice(0, -2).join('\n')),
    'cut off',
  ],
  [
    'one that lacks a document',
    (bytes: Buffer) => gzipSync(gunzipSync(bytes).toString().split('\n').toSpliced(1, 1).join('\n')),
    'cut off',
  ],
  ['one of another program', () => gzipSync('{"some":"json"}\n'), 'no backup of Rollcall'],
  ['one of a later format', () => gzipSync('{"rollcallBackup":2}\n'), 'format 2'],
  ['an empty one', () => gzipSync(''), 'empty'],
  ['what is no archive', () => Buffer.from('hello'), 'damaged'],
])('a restore refuses %s, and changes nothing', async (_, spoil, why) => {
  await saveBackup(source, file);
  writeFileSync(file, spoil(readFileSync(file)));
  await expect(inspectBackup(file)).rejects.toThrow(why);
  const target = await database('cluster-2');
  await expect(restoreBackup(target, file, true)).rejects.toThrow(why);
  expect(await all(target, 'cluster')).toContain('cluster-2');
});

test('a restore refuses a database that is not empty, unless told to replace it', async () => {
  await saveBackup(source, file);
  const target = await database('cluster-2');
  await expect(restoreBackup(target, file, false)).rejects.toThrow(
    /^the database .* is not empty \(cluster\): add --replace/,
  );
  expect(await all(target, 'cluster')).toContain('cluster-2');
});

test('a restore refuses a database in use by an api or a worker, but not one where they have just ended', async () => {
  await saveBackup(source, file);
  const target = await database();
  await collection(target, 'pulses').insertOne({ _id: 'api-1' as never, at: Date.now() });
  await collection(target, 'leases').insertOne({
    _id: 'reconciler' as never,
    holder: 'worker-1',
    until: new Date(Date.now() + 60_000),
  });
  const beating = setInterval(() => void collection(target, 'pulses').updateOne({}, { $inc: { at: 500 } }), 200);
  try {
    await expect(restoreBackup(target, file, true)).rejects.toThrow(
      'the api api-1 works on this database: end every api and worker first',
    );
  } finally {
    clearInterval(beating);
  }
  await restoreBackup(target, file, true);
});

test('a partially restored database has no cluster id, and is restored again', async () => {
  await collection(source, 'nodes').insertMany([{ name: 'a' }, { name: 'a' }]);
  await saveBackup(source, file);
  const target = await database('cluster-1');
  await collection(target, 'nodes').createIndex({ name: 1 }, { unique: true });
  await expect(restoreBackup(target, file, true)).rejects.toThrow('duplicate key');
  expect(await collection(target, 'cluster').countDocuments()).toBe(0);
  await collection(target, 'nodes').dropIndex('name_1');
  await restoreBackup(target, file, true);
  expect(await all(target, 'cluster')).toBe(await all(source, 'cluster'));
});
