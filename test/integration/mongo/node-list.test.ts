import { beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_SORTS, type NodeSort } from '../../../contract/node-order.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { BadCursor } from '../../../src/http/page.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { NodeStore, type NodeQuery, type NodeRecord } from '../../../src/record/node-store.js';
import { busyResources, change, INFO, newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let nodes: NodeStore;
const made: NodeRecord[] = [];
const nameOf = (index: number) => `node-${String(index).padStart(2, '0')}`;
const living = async (index: number) => (await nodes.findLiving(nameOf(index))) as NodeRecord;

/** Twenty nodes: the odd ones are HEALTHY and were heard, in reverse; the first five are in pool a; node-03 is rejected; node-00 is removed. */
beforeAll(async () => {
  nodes = stores.get(NodeStore);
  for (let index = 0; index < 20; index += 1) {
    const labels = index < 5 ? { pool: 'a', 'disk.type': 'ssd' } : { pool: 'b' };
    made.push(await nodes.create(newNode(nameOf(index), { labels, at: NOON + Math.floor(index / 4) }), []));
  }
  for (const [index, node] of made.entries()) {
    if (index % 2 === 0) continue;
    await stores
      .get(HeartbeatStore)
      .record([{ uid: node.uid, lastSeen: NOON + 100 - index, bootId: 'b', seq: 1, resources: RESOURCES }]);
    await stores
      .get(MongoNodeProjectionStore)
      .project({ view: view(node, 1, { activeSessions: index === 1 ? 2 : 0 }), sessionChanges: [], events: [] });
  }
  await nodes.commitDecision(change(await living(3), 'reject'));
  await nodes.commitDecision(change(await living(0), 'remove'));
});
const names = async (query: Partial<NodeQuery>) =>
  (await nodes.list({ limit: 100, sort: 'id', ...query })).items.map(({ name }) => name);

async function walk(sort: NodeSort, limit: number, query: Partial<NodeQuery> = {}): Promise<string[]> {
  const walked: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await nodes.list({ sort, limit, cursor, ...query });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    walked.push(...page.items.map(({ name }) => name));
    if (page.nextCursor === null) return walked;
    cursor = page.nextCursor;
  }
}

describe('the list of nodes', () => {
  test.each(NODE_SORTS)('sorted by %s has every living node once, whatever the size of its pages', async (sort) => {
    const whole = await walk(sort, 100);
    expect(whole.toSorted()).toEqual(made.slice(1).map(({ name }) => name));
    for (const limit of [1, 4, 19]) expect(await walk(sort, limit)).toEqual(whole);
  });

  test('is in the requested order; nodes that were never heard come before the others', async () => {
    expect((await walk('-id', 5)).slice(0, 2)).toEqual(['node-19', 'node-18']);
    expect((await walk('-lastHeartbeat', 5)).slice(0, 3)).toEqual(['node-01', 'node-03', 'node-05']);
    expect((await walk('lastHeartbeat', 5)).slice(-3)).toEqual(['node-05', 'node-03', 'node-01']);
  });

  test('is filtered by each of its fields, and by all of them together', async () => {
    expect(await names({ approval: ['REJECTED'] })).toEqual(['node-03']);
    expect(await names({ phase: ['REJECTED', 'ACTIVE'] })).toHaveLength(10);
    expect(await names({ liveness: ['UNKNOWN'] })).toHaveLength(9);
    expect(await names({ type: ['Requester'] })).toEqual([]);
    expect(await names({ labels: [{ key: 'disk.type' }] })).toEqual(['node-01', 'node-02', 'node-03', 'node-04']);
    expect(
      await names({
        labels: [
          { key: 'pool', value: 'a' },
          { key: 'disk.type', value: 'hdd' },
        ],
      }),
    ).toEqual([]);
    expect(await names({ labels: [{ key: 'disk.type', value: 'a' }] })).toEqual([]);
    expect(
      await names({ q: 'e-0', liveness: ['HEALTHY'], approval: ['APPROVED'], labels: [{ key: 'pool', value: 'a' }] }),
    ).toEqual(['node-01']);
    expect(await walk('-lastHeartbeat', 2, { labels: [{ key: 'pool', value: 'a' }] })).toHaveLength(4);
  });

  test('matches part of an id literally', async () => {
    expect(await names({ q: 'e-1' })).toHaveLength(10);
    expect(await names({ q: '.*' })).toEqual([]);
    expect(await names({ q: '(' })).toEqual([]);
  });

  test('refuses a foreign cursor', async () => {
    const { nextCursor } = await nodes.list({ sort: 'id', limit: 1 });
    const forged = Buffer.from(JSON.stringify(['id', { $gt: '' }, 'x'])).toString('base64url');
    for (const cursor of ['', 'nonsense', 'e30', forged])
      await expect(nodes.list({ sort: 'id', limit: 1, cursor })).rejects.toBeInstanceOf(BadCursor);
    await expect(nodes.list({ sort: '-id', limit: 1, cursor: nextCursor as string })).rejects.toBeInstanceOf(BadCursor);
  });
});

test('the list is filtered by warnings: each node by the interval that it was told', async () => {
  const warned = (now: number) => names({ quiet: { now, missed: 2, intervalMs: 10 } });
  await stores
    .get(HeartbeatStore)
    .record([
      { uid: (await living(1)).uid, lastSeen: NOON + 99, bootId: 'b', seq: 2, intervalMs: 100, resources: RESOURCES },
    ]);
  expect(await warned(NOON + 100)).toEqual([]);
  expect(await warned(NOON + 114)).toEqual(['node-11', 'node-13', 'node-15', 'node-17', 'node-19']);
  expect(await warned(NOON + 124)).not.toContain('node-01');
  expect(await warned(NOON + 349)).toContain('node-01');
});

describe('a list that takes a while to read', () => {
  /** Most nodes beat, get another agent and change their state. */
  async function moveAll(seq: number, bootId: string, revision: number): Promise<void> {
    const moving = [...made.entries()].filter(([index]) => index !== 0 && index % seq !== 0);
    const condition = { since: NOON, reason: '', by: 'system' };
    await stores.get(HeartbeatStore).record(
      moving.map(([index, { uid }]) => ({
        uid,
        lastSeen: NOON + 1_000 * seq + index,
        bootId,
        seq,
        resources: busyResources(((index * seq) % 7) / 10),
      })),
    );
    await Promise.all(
      moving.map(([index, node]) => nodes.saveInfo(node.uid, { ...INFO, agentVersion: `0.${(index * seq) % 11}.0` })),
    );
    await Promise.all(
      moving.map(([index, node]) =>
        stores.get(MongoNodeProjectionStore).project({
          view: view(node, revision, {
            activeSessions: (index * seq) % 7,
            phase: index % seq === 1 ? 'DRAINING' : 'ACTIVE',
            liveness: { value: index % seq === 2 ? 'UNHEALTHY' : 'HEALTHY', ...condition },
          }),
          sessionChanges: [],
          events: [],
        }),
      ),
    );
  }

  test.each([
    'lastHeartbeat',
    '-lastHeartbeat',
    'phase',
    '-status',
    'version',
    '-activeSessions',
    'cpu',
    '-cpu',
    '-memory',
  ] as const)(
    'sorted by %s has every node once though all move while it is read, and shows them as they are',
    async (sort) => {
      const walked: NodeRecord[] = [];
      let seq = 1;
      for (let cursor: string | undefined; ;) {
        const page = await nodes.list({ sort, limit: 3, cursor });
        walked.push(...page.items);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
        seq += 1;
        await moveAll(seq, `b-${sort}`, 1_000 * walked.length + seq);
      }
      expect(walked.map(({ name }) => name).toSorted()).toEqual(made.slice(1).map(({ name }) => name));
      const shown = walked.at(-1) as NodeRecord;
      expect(shown).toEqual(await nodes.findLiving(shown.name));
    },
  );

  test.each(['6845471433603153921', '18446744073709551615', '9223372032559808513', '0'])(
    'continues with present data if MongoDB no longer has its snapshot (%s)',
    async (moment) => {
      const { nextCursor } = await nodes.list({ sort: 'id', limit: 10 });
      const [order, key, id] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString()) as string[];
      const other = Buffer.from(JSON.stringify([order, key, id, moment])).toString('base64url');
      expect(await names({ cursor: other })).toEqual(made.slice(11).map(({ name }) => name));
    },
  );
});
