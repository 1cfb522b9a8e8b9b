import { beforeAll, describe, expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import { NODE_ORDERS, type NodeSort } from '../../../contract/node-order.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { Migrations } from '../../../src/mongo/migrations.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { NodeStore, type NodeQuery } from '../../../src/record/node-store.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { NOON } from '../../support/manual-clock.js';
import { busyResources, change, event, INFO, newNode, newSlot, view } from '../../support/mongo/node-fixtures.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let nodes: NodeStore;
let db: mongo.Db;

interface Made {
  version: string;
  hostname: string;
  cpu: number;
  memory: number;
  liveness: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  labels: Record<string, string>;
  description: string;
}
const MADE: Record<string, Made> = {
  'etl-10': made({ version: '1.10.0', cpu: 0.5, memory: 0.1, description: 'Lent to the PHYSICS group (until May)' }),
  'etl-2': made({ version: '1.9.0', cpu: 0.07, memory: 0.99, liveness: 'UNHEALTHY', labels: { rack: 'r7' } }),
  'etl-010': made({ version: '1.10.0-rc.1', cpu: 0.9, memory: 0.5, hostname: 'Physics-Host.Example' }),
  'etl-1': made({ version: '2.0.0', cpu: 0, memory: 0.3, liveness: 'UNKNOWN', labels: { rack: 'r77', gpu: 'a100' } }),
  'etl-2-b': made({ version: '1.9.0', cpu: 0.071, memory: 0.6, labels: { team: 'physics' } }),
};
function made(changes: Partial<Made>): Made {
  return {
    version: '1.0.0',
    hostname: 'host',
    cpu: 0,
    memory: 0,
    liveness: 'HEALTHY',
    labels: {},
    description: '',
    ...changes,
  };
}

beforeAll(async () => {
  nodes = stores.get(NodeStore);
  db = stores.connection.db as mongo.Db;
  await nodes.create(newSlot('slot-1', {}), []);
  for (const [name, { version, hostname, cpu, memory, liveness, labels, description }] of Object.entries(MADE)) {
    const joining = { publicKeyX: `key-of-${name}`, info: { ...INFO, hostname, agentVersion: version } };
    const node = await nodes.create(newNode(name, { labels, description, joining }), []);
    await stores
      .get(HeartbeatStore)
      .record([{ uid: node.uid, lastSeen: NOON, bootId: 'b', seq: 1, resources: busyResources(cpu, memory) }]);
    await stores.get(MongoNodeProjectionStore).project({
      view: view(node, 1, { liveness: { value: liveness, since: NOON, reason: '', by: 'system' } }),
      sessionChanges: [],
      events: [],
    });
  }
});
const names = async (query: Partial<NodeQuery>) =>
  (await nodes.list({ limit: 100, sort: 'id', ...query })).items.map(({ name }) => name);

describe('the list of nodes', () => {
  test.each([
    ['id', ['etl-1', 'etl-2', 'etl-2-b', 'etl-10', 'etl-010', 'slot-1']],
    ['version', ['slot-1', 'etl-2', 'etl-2-b', 'etl-010', 'etl-10', 'etl-1']],
    ['memory', ['slot-1', 'etl-10', 'etl-1', 'etl-010', 'etl-2-b', 'etl-2']],
    ['status', ['etl-2-b', 'etl-10', 'etl-010', 'etl-2', 'etl-1', 'slot-1']],
  ] satisfies [NodeSort, string[]][])('sorted by %s is in the order that people count in', async (sort, expected) => {
    // Different writings of the same number are equal: those two are in some stable order.
    const ids = await names({ sort });
    expect(ids.filter((id) => id !== 'etl-010')).toEqual(expected.filter((id) => id !== 'etl-010'));
    expect(await names({ sort: `-${sort}` })).toEqual(ids.toReversed());
  });

  test('sorted by CPU starts with nodes without figures, and distinguishes no percent from no figure', async () => {
    const byCpu = await names({ sort: 'cpu' });
    expect(byCpu.slice(0, 2)).toEqual(['slot-1', 'etl-1']);
    expect(byCpu.slice(2, 4).toSorted()).toEqual(['etl-2', 'etl-2-b']);
    expect(byCpu.slice(4)).toEqual(['etl-10', 'etl-010']);
    expect(await names({ sort: '-cpu' })).toEqual(byCpu.toReversed());
  });

  test.each([
    ['etl-2', ['etl-2', 'etl-2-b']],
    ['PHYSICS', ['etl-2-b', 'etl-10', 'etl-010']],
    ['physics-host.example', ['etl-010']],
    ['physicsxhost', []],
    ['rack=r7', ['etl-1', 'etl-2']],
    ['gpu', ['etl-1']],
    ['a100 r7', ['etl-1']],
    ['  physics   etl-10  ', ['etl-10']],
    ['(until', ['etl-10']],
    ['.*', []],
    ['$', []],
    ['group\n', ['etl-10']],
    ['slot', ['slot-1']],
  ])('searched for %j finds nodes with all words in id, hostname, labels or description', async (q, expected) => {
    expect((await names({ q })).toSorted()).toEqual(expected.toSorted());
    expect(await nodes.list({ limit: 1, sort: '-cpu', q, total: true })).toMatchObject({ total: expected.length });
  });

  test('is searched by present values, whoever changed them', async () => {
    const node = await nodes.create(newSlot('changing', { old: 'label' }), []);
    const is = async (q: string) => (await names({ q })).includes('changing');
    expect([await is('old=label'), await is('nowhere')]).toEqual([true, false]);
    await nodes.edit(node.uid, { labels: { fresh: 'label' }, description: 'for Nowhere' }, event(node.uid));
    expect([await is('old=label'), await is('fresh=label'), await is('nowhere')]).toEqual([false, true, true]);
    const slot = await nodes.findByUid(node.uid);
    await nodes.commitDecision({
      ...change(slot ?? node, 'register'),
      joining: { publicKeyX: 'k', info: { ...INFO, hostname: 'first-host', agentVersion: '1.0.0' } },
      labels: { brought: 'along' },
    });
    expect([await is('first-host'), await is('brought=along'), await is('fresh')]).toEqual([true, true, true]);
    expect((await names({ sort: 'version' })).indexOf('changing')).toBe(1);
    expect(await nodes.saveInfo(node.uid, { ...INFO, hostname: 'second-host', agentVersion: '3.0.0' })).toBe(true);
    expect([await is('first-host'), await is('second-host'), await is('fresh')]).toEqual([false, true, true]);
    expect((await names({ sort: '-version' }))[0]).toBe('changing');
    expect(await nodes.saveInfo('nobody', INFO)).toBe(false);
    await nodes.commitDecision(change((await nodes.findByUid(node.uid)) ?? node, 'remove'));
    expect(await is('changing')).toBe(false);
  });
});

describe('query plans', () => {
  /** MongoDB's work for an answer, from its profile. */
  async function stagesOf(query: Partial<NodeQuery>): Promise<{ plans: string[]; sorted: boolean }> {
    await db.command({ profile: 2 });
    const since = new Date();
    await nodes.list({ limit: 2, sort: 'id', ...query });
    await db.command({ profile: 0 });
    const seen = await db
      .collection('system.profile')
      .find({ ts: { $gte: since }, ns: /\.(nodes|heartbeats)$/ })
      .toArray();
    return {
      plans: seen.map(({ planSummary }) => String(planSummary)),
      sorted: seen.some(({ hasSortStage }) => hasSortStage === true),
    };
  }

  test.each(NODE_ORDERS.flatMap((order) => [order, `-${order}` as const]))(
    'sorting by %s uses an index, from the first page to the last',
    async (sort) => {
      const { nextCursor } = await nodes.list({ limit: 2, sort });
      for (const cursor of [undefined, nextCursor ?? undefined]) {
        const { plans, sorted } = await stagesOf({ sort, cursor });
        expect(plans.length).toBeGreaterThan(0);
        for (const plan of plans) expect(plan).toMatch(/^IXSCAN|^IDHACK/);
        expect(sorted).toBe(false);
      }
    },
  );

  test.each([
    { phase: ['ACTIVE'] },
    { liveness: ['HEALTHY'] },
    { approval: ['APPROVED'] },
    { type: ['Compute'] },
    { agentVersions: ['1.9.0'] },
  ] satisfies Partial<NodeQuery>[])(
    'the list that is filtered by %j is read off an index in its order',
    async (filter) => {
      const { plans, sorted } = await stagesOf(filter);
      for (const plan of plans) expect(plan).toMatch(/^IXSCAN/);
      expect(sorted).toBe(false);
    },
  );

  test.each(['physics', 'nowhere', 'a100 r7'])('words are looked for in an index: %s', async (q) => {
    for (const { plans } of [
      await stagesOf({ q, total: true }),
      await stagesOf({ q, sort: '-cpu', phase: ['ACTIVE'] }),
    ]) {
      for (const plan of plans) expect(plan).toMatch(/^IXSCAN|^IDHACK|^EOF/);
      expect(plans.join()).toContain('listed.text');
    }
  });
});

describe('an older record', () => {
  test('gets sort keys, and corrections after writes of older replicas', async () => {
    const before = await db.collection('nodes').find({ living: true }).sort({ _id: 1 }).toArray();
    const beats = await db.collection('heartbeats').find({}).sort({ _id: 1 }).toArray();
    await db.collection('nodes').updateMany({}, { $unset: { listed: 1 } });
    await db.collection('heartbeats').updateMany({}, { $unset: { used: 1 } });
    // They are in the list until then, in any order.
    expect((await names({})).toSorted()).toEqual(before.map(({ name }) => String(name)).toSorted());
    const migrations = new Migrations();
    for (
      let migration = migrations.after({ major: 1, minor: 0 });
      migration;
      migration = migrations.after(migration.to)
    ) {
      for (let twice = 0; twice < 2; twice += 1)
        for (
          let batch = await migration.batch(db, undefined);
          batch;
          batch = await migration.batch(db, batch.position)
        );
    }
    expect(await db.collection('nodes').find({ living: true }).sort({ _id: 1 }).toArray()).toEqual(before);
    expect(await db.collection('heartbeats').find({}).sort({ _id: 1 }).toArray()).toEqual(beats);

    const record = stores.get(ReconciliationStore);
    expect(await record.mendLists()).toBe(0);
    await db.collection('nodes').updateOne({ name: 'etl-1' }, { $set: { description: 'Edited elsewhere' } });
    await db.collection('nodes').updateOne({ name: 'slot-1' }, { $unset: { listed: 1 } });
    expect(await record.mendLists()).toBe(2);
    expect(await names({ q: 'edited' })).toEqual(['etl-1']);
    expect((await names({})).at(-1)).toBe('slot-1');
  });
});
