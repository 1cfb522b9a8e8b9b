import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { LoginStore } from '../../../src/auth/login-store.js';
import { SystemClock } from '../../../src/mechanics/clock.js';
import { IdempotencyStore } from '../../../src/http/idempotency-store.js';
import { isDatabaseUnavailable } from '../../../src/mongo/database-unavailable.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { eventually } from '../../support/eventually.js';
import { failCommands, failNoCommands } from '../../support/mongo/fail-commands.js';
import { startMongod, useOwnMongod } from '../../support/servers/mongod.js';
import { change, event, INFO, newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { openStores, useStores } from '../../support/mongo/open-stores.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

const stores = useStores(useOwnMongod('enableTestCommands=1'));
let pid: number;
let nodes: NodeStore;
let node: NodeRecord;
beforeAll(async () => {
  pid = (await stores.connection.db?.admin().serverStatus())?.['pid'];
  nodes = stores.get(NodeStore);
  node = await nodes.create(newNode('node-1'), []);
});
const freeze = () => void process.kill(pid, 'SIGSTOP');
const thaw = () => void process.kill(pid, 'SIGCONT');
afterEach(thaw);
afterEach(() => failNoCommands(stores.connection));
const WRITES = ['insert', 'update', 'findAndModify', 'delete', 'commitTransaction'];
const READS = ['find', 'aggregate', 'getMore', 'count'];

/** All ways of reading and writing: transactions, bulk writes, single writes, reads. */
const attempts = (name: string): Promise<unknown>[] => [
  nodes.create(newNode(name), []),
  nodes.commitDecision(change(node, 'deactivate')),
  nodes.saveInfo(node.uid, INFO),
  nodes.findLiving('node-1'),
  nodes.list({ sort: 'id', limit: 1 }),
  stores.get(HeartbeatStore).record([{ uid: node.uid, lastSeen: 1, bootId: 'b', seq: 1, resources: RESOURCES }]),
  stores.get(EventStore).append([event(node.uid)]),
  stores.get(IdempotencyStore).begin({ principal: 'p', key: name, fingerprint: 'f' }, 1),
  stores.get(LoginStore).create({ id: name, tokenId: 't', createdAt: 1, expiresAt: 2 }),
];

async function reasonsOf(outcomes: Promise<unknown>[]): Promise<unknown[]> {
  return (await Promise.allSettled(outcomes)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );
}

test.each([
  ['connections break', { closeConnection: true }],
  ['the server shuts down', { errorCode: 11_600 }],
  ['the primary stepped down, and says nothing of trying again', { errorCode: 10_107, errorLabels: [] as string[] }],
  ['a restarted server does not know the transaction', { errorCode: 251, errorLabels: [] as string[] }],
  ['a restarted server does not know the cursor', { errorCode: 43, errorLabels: [] as string[] }],
  ['a restarted server has no snapshot yet', { errorCode: 246, errorLabels: [] as string[] }],
  ['nothing is answered in time', { errorCode: 50 }],
])(
  'where %s, whatever was tried says that the database is away',
  async (_why, failure) => {
    await failCommands(stores.connection, { failCommands: [...WRITES, ...READS], ...failure });
    const tried = attempts(`failing-${randomUUID().slice(0, 8)}`);
    const reasons = await reasonsOf(tried);
    expect(reasons).toHaveLength(tried.length);
    for (const reason of reasons) expect([isDatabaseUnavailable(reason), reason]).toEqual([true, reason]);
  },
  60_000,
);

test('a write to a socket that the server has closed counts as an unavailable database', async () => {
  const server = createServer((socket) => void socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  await once(socket, 'end');
  const failure = await new Promise((resolve) => socket.on('error', resolve).write('a command'));
  server.close();
  expect([isDatabaseUnavailable(failure), failure]).toEqual([true, failure]);
});

test('a faulty request does not count as an unavailable database', async () => {
  const reasons = await reasonsOf([
    nodes.create(newNode('node-1'), []),
    stores.connection.collection('nodes').updateOne({}, { $nonsense: 1 }),
    stores.connection
      .collection<{ _id: string }>('events')
      .bulkWrite([{ insertOne: { document: { _id: 'a' } } }, { insertOne: { document: { _id: 'a' } } }]),
    nodes.findByUid(['a'] as never),
  ]);
  expect(reasons.map(isDatabaseUnavailable)).toEqual([false, false, false, false]);
});

test('a server that stopped answering is an error within seconds, and nothing is half done', async () => {
  freeze();
  const begin = performance.now();
  const outcomes = await Promise.allSettled([
    nodes.findLiving('node-1'),
    nodes.commitDecision(change(node, 'deactivate')),
    nodes.create(newNode('node-2'), []),
  ]);
  expect(performance.now() - begin).toBeLessThan(25_000);
  for (const outcome of outcomes) {
    expect(outcome.status).toBe('rejected');
    expect(isDatabaseUnavailable((outcome as PromiseRejectedResult).reason)).toBe(true);
  }
  thaw();
  // The same request succeeds, or finds that it had: a server may have stored what it could not acknowledge.
  const after = await eventually(() => nodes.findByUid(node.uid));
  expect(await nodes.commitDecision(change(after as NodeRecord, 'deactivate'))).not.toBe('conflict');
}, 60_000);

test('heartbeats are refused while they cannot be written, and the latest are written afterwards', async () => {
  const quiet = { warn: () => undefined, log: () => undefined };
  const buffer = new HeartbeatBuffer(
    stores.get(HeartbeatStore),
    stores.get(PulseStore),
    new SystemClock(),
    quiet,
    'a',
    new MetricRegistry(),
  );
  const beat = (seq: number) => ({ uid: node.uid, lastSeen: Date.now(), bootId: 'b', seq, resources: RESOURCES });
  buffer.start();
  await eventually(() => expect(buffer.isStalled).toBe(false));
  freeze();
  buffer.add(beat(1));
  await eventually(() => expect(buffer.isStalled).toBe(true));
  buffer.add(beat(2));
  thaw();
  await eventually(async () => {
    expect(buffer.isStalled).toBe(false);
    expect((await stores.get(HeartbeatStore).read([node.uid])).get(node.uid)?.seq).toBe(2);
  });
  await buffer.stop();
}, 60_000);

test('every request under way when the server was killed reports an unavailable database', async () => {
  const killed = await startMongod();
  const other = await openStores(killed.uri);
  const store = other.get(NodeStore);
  const reasons: unknown[] = [];
  let made = 0;
  const writing = Array.from({ length: 8 }, async () => {
    for (;;) {
      try {
        await store.create(newNode(`node-${(made += 1)}`), [event(randomUUID())]);
        await other
          .get(HeartbeatStore)
          .record([{ uid: node.uid, lastSeen: made, bootId: 'b', seq: made, resources: RESOURCES }]);
      } catch (error) {
        reasons.push(error);
        return;
      }
    }
  });
  await eventually(() => expect(made).toBeGreaterThan(40));
  process.kill((await other.connection.db?.admin().serverStatus())?.['pid'], 'SIGKILL');
  await Promise.all(writing);
  for (const reason of reasons) expect([isDatabaseUnavailable(reason), reason]).toEqual([true, reason]);
  await other.close();
  await killed.stop();
}, 60_000);
