import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HeartbeatBuffer } from '../../src/agents/heartbeat-buffer.js';
import { HeartbeatStore } from '../../src/agents/heartbeat-store.js';
import { PulseStore } from '../../src/agents/pulse-store.js';
import { SystemClock } from '../../src/clock.js';
import { isDatabaseUnavailable } from '../../src/mongo/database-unavailable.js';
import { NodeStore, type NodeRecord } from '../../src/nodes/node-store.js';
import { eventually } from '../support/eventually.js';
import { startMongod, type Mongod } from '../support/mongod.js';
import { change, newNode, RESOURCES } from './node-fixtures.js';
import { openStores, type Stores } from './open-stores.js';

let mongod: Mongod;
let stores: Stores;
let pid: number;
let nodes: NodeStore;
let node: NodeRecord;
beforeAll(async () => {
  mongod = await startMongod();
  stores = await openStores(mongod.uri);
  pid = (await stores.connection.db?.admin().serverStatus())?.['pid'];
  nodes = stores.get(NodeStore);
  node = await nodes.create(newNode('node-1'), []);
});
const freeze = () => void process.kill(pid, 'SIGSTOP');
const thaw = () => void process.kill(pid, 'SIGCONT');
afterEach(thaw);
afterAll(async () => {
  await stores?.close();
  await mongod?.stop();
});

test('a server that stopped answering is an error within seconds, not a request that hangs, and nothing is half done', async () => {
  freeze();
  const begin = performance.now();
  const outcomes = await Promise.allSettled([nodes.findLiving('node-1'), nodes.commitDecision(change(node, 'deactivate')), nodes.create(newNode('node-2'), [])]);
  expect(performance.now() - begin).toBeLessThan(25_000);
  for (const outcome of outcomes) {
    expect(outcome.status).toBe('rejected');
    expect(isDatabaseUnavailable((outcome as PromiseRejectedResult).reason)).toBe(true);
  }
  thaw();
  // The very same request succeeds, or finds that it had: a server may have taken in what it could not answer.
  const after = await eventually(() => nodes.findByUid(node.uid));
  expect(await nodes.commitDecision(change(after as NodeRecord, 'deactivate'))).not.toBe('conflict');
}, 60_000);

test('heartbeats are turned away while they cannot be written, and the latest are written when they can', async () => {
  const quiet = { warn: () => undefined, log: () => undefined };
  const buffer = new HeartbeatBuffer(stores.get(HeartbeatStore), stores.get(PulseStore), new SystemClock(), quiet, 'a');
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
