import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { TokenStore, type TokenRecord } from '../../../src/auth/token-store.js';
import { ClusterIdentity } from '../../../src/cluster/cluster-identity.js';
import type { DrainSetRecord } from '../../../src/drains/drain-set-record.js';
import { MongoDrainSetStore } from '../../../src/mongo/mongo-drain-set-store.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { AuditExport } from '../../../src/retention/audit-export.js';
import type { AuditSink } from '../../../src/retention/audit-sink.js';
import { Expiry } from '../../../src/retention/expiry.js';
import { RetentionStore } from '../../../src/retention/retention-store.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';
import { NOON } from '../../support/manual-clock.js';
import { change, event, newNode, newSlot, view } from '../../support/mongo/node-fixtures.js';
import { useStores } from '../../support/mongo/open-stores.js';
import { MemorySink } from '../../support/retention/memory-sink.js';

const DAY_MS = 86_400_000;
const CONFIG = loadConfig({ env: {}, flags: { 'Orchestrator.Retention.Audit': '365d' } });

const stores = useStores();
beforeEach(() => stores.clear());

function retention(sinks: AuditSink[] = [], running: Record<string, string> = {}) {
  const record = stores.get(RetentionStore);
  const audit = new AuditExport(record, stores.get(ClusterIdentity), sinks, stores.clock, new MetricRegistry());
  const workflows = { incarnationOf: (name: string) => Promise.resolve(running[name] ?? null) };
  return { audit, expiry: new Expiry(record, audit, workflows, stores.clock, CONFIG) };
}

const count = (collection: string) => stores.connection.collection(collection).countDocuments();
const goneOf = async (expiry: Expiry) =>
  Object.fromEntries((await expiry.pass()).filter(({ gone }) => gone > 0).map(({ name, gone }) => [name, gone]));

describe('events', () => {
  const append = () =>
    stores
      .get(EventStore)
      .append([event('u', { id: 'decided', type: 'NodeApproved' }), event('u', { id: 'seen', type: 'NodeUnhealthy' })]);

  test('expire at their own times: observations before decisions', async () => {
    await append();
    const { expiry } = retention();
    stores.clock.advance(90 * DAY_MS);
    expect(await goneOf(expiry)).toEqual({});
    stores.clock.advance(1);
    expect(await goneOf(expiry)).toEqual({ 'other events': 1 });
    stores.clock.advance(275 * DAY_MS);
    expect(await goneOf(expiry)).toEqual({ 'events of the audit': 1 });
    expect(await count('events')).toBe(0);
  });

  test('stay until each sink has them, however long one of them is full', async () => {
    await append();
    const [first, second] = [new MemorySink(), new MemorySink()];
    second.isFull = true;
    const { audit, expiry } = retention([first, second]);
    stores.clock.advance(400 * DAY_MS);
    await expect(audit.pass()).rejects.toThrow('memory: full');
    expect(await goneOf(expiry)).toEqual({});
    expect(await count('events')).toBe(2);
    second.isFull = false;
    expect(await audit.pass()).toBe(false);
    expect(second.idsOf('event').toSorted()).toEqual(['decided', 'seen']);
    expect(await goneOf(expiry)).toEqual({ 'events of the audit': 1, 'other events': 1 });
  });

  test('are sent to a sink once, whatever is written between two passes, and in any order', async () => {
    const sink = new MemorySink();
    const { audit } = retention([sink]);
    await append();
    await audit.pass();
    // Committed late, by an activity that waited for MongoDB.
    await stores.get(EventStore).append([event('u', { id: 'earlier', at: NOON - 3_600_000 })]);
    await audit.pass();
    await audit.pass();
    expect(sink.idsOf('event').toSorted()).toEqual(['decided', 'earlier', 'seen']);
    expect(sink.lines[0]?.fields).toMatchObject({ cluster: expect.any(String), node: 'node-1', by: 'alice' });
  });
});

test('go to a sink in portions that a collector accepts, in order', async () => {
  const sink = new MemorySink();
  const record = { members: 'x'.repeat(300_000) };
  const lines = Array.from({ length: 8 }, (_, index) => ({
    ...{ kind: 'drain' as const, id: `d-${index}`, at: NOON, fields: { record } },
  }));
  await retention([sink]).audit.keep(lines);
  expect(sink.calls).toEqual([3, 3, 2]);
  expect(sink.idsOf('drain')).toEqual(lines.map(({ id }) => id));
});

describe('a removed node', () => {
  async function removed(name: string, uid: string = randomUUID()): Promise<NodeRecord> {
    const nodes = stores.get(NodeStore);
    const node = await nodes.create(newNode(name, { uid }), []);
    const after = await nodes.commitDecision(change(node, 'remove'));
    if (after === 'conflict') throw new Error(after);
    return after;
  }
  const said = (node: NodeRecord, revision: number) =>
    stores.get(MongoNodeProjectionStore).project({ view: view(node, revision), sessionChanges: [], events: [] });
  const applied = (node: NodeRecord) =>
    stores.connection.collection('nodes').updateOne({ _id: node.uid as never }, { $unset: { unappliedSince: 1 } });

  test('is kept while its workflow has not heard of the removal, or still runs', async () => {
    const node = await removed('gone');
    stores.clock.advance(91 * DAY_MS);
    expect(await goneOf(retention().expiry)).toEqual({});
    await applied(node);
    expect(await goneOf(retention([], { gone: node.uid }).expiry)).toEqual({});
    expect(await stores.get(NodeStore).findByUid(node.uid)).toMatchObject({ living: false });
    expect(await goneOf(retention([], { gone: 'its successor' }).expiry)).toEqual({ 'removed nodes': 1 });
  });

  test('expires, however many before it are held', async () => {
    const running: Record<string, string> = {};
    for (let index = 0; index < 201; index += 1) {
      const held = await removed(`held-${index}`, `a-${index}`);
      running[held.name] = held.uid;
      await applied(held);
    }
    await applied(await removed('free', 'b'));
    stores.clock.advance(91 * DAY_MS);
    const { expiry } = retention([], running);
    for (let more = true; more;) more = (await expiry.pass()).some((one) => one.more);
    expect(await stores.get(NodeStore).findByUid('b')).toBeNull();
    expect(await count('nodes')).toBe(201);
    // It starts over, since those that were held may expire by now.
    delete running['held-0'];
    expect(await goneOf(expiry)).toEqual({ 'removed nodes': 1 });
  });

  test('is not brought back by late writes, and leaves its successor alone', async () => {
    const node = await removed('gone');
    await applied(node);
    const young = await stores.get(NodeStore).create(newNode('gone'), []);
    const sink = new MemorySink();
    stores.clock.advance(91 * DAY_MS);
    expect(await goneOf(retention([sink]).expiry)).toEqual({ 'removed nodes': 1 });
    expect(sink.lines).toMatchObject([{ kind: 'node', id: node.uid, fields: { record: { name: 'gone' } } }]);
    await said(node, 9);
    await stores.get(NodeStore).commitDecision(change(node, 'approve'));
    await stores.get(NodeStore).saveInfo(node.uid, {} as never);
    expect(await stores.get(NodeStore).findByUid(node.uid)).toBeNull();
    expect(await stores.get(NodeStore).findLiving('gone')).toEqual(young);
    expect(await count('nodes')).toBe(1);
  });

  test('does not expire if the sink refuses it; a living node never does', async () => {
    await applied(await removed('gone'));
    await stores.get(NodeStore).create(newNode('lives'), []);
    const sink = new MemorySink();
    sink.isFull = true;
    stores.clock.advance(3_000 * DAY_MS);
    const { expiry } = retention([sink]);
    expect(await expiry.pass()).toContainEqual(
      expect.objectContaining({ name: 'removed nodes', gone: 0, failure: 'memory: full' }),
    );
    expect(await count('nodes')).toBe(2);
    sink.isFull = false;
    await expiry.pass();
    expect(await stores.get(NodeStore).findLiving('lives')).not.toBeNull();
    expect(await count('nodes')).toBe(1);
  });
});

describe('a token', () => {
  const token = (id: string, changes: Partial<TokenRecord> = {}): TokenRecord => ({
    ...{ id, kind: 'join', secretHash: `hash-of-${id}`, description: '', uses: 0, maxUses: 1, labels: {} },
    ...{
      namePattern: null,
      autoApprove: null,
      removeAfterMs: null,
      nodeUid: null,
      createdAt: NOON,
      createdBy: 'alice',
      revokedAt: null,
    },
    expiresAt: NOON + DAY_MS,
    ...changes,
  });
  const left = async () =>
    (await stores.connection.collection('tokens').find().toArray()).map(({ _id }) => String(_id)).toSorted();

  test('expires after its end; those of a waiting slot and of a file stay as fences', async () => {
    const slot = await stores.get(NodeStore).create(newSlot('waits', {}), []);
    const tokens = stores.get(TokenStore);
    for (const one of [
      token('expired'),
      token('good', { expiresAt: NOON + 300 * DAY_MS }),
      token('revoked', { expiresAt: NOON + 300 * DAY_MS, revokedAt: NOON }),
      token('of-a-file', { createdBy: 'system', revokedAt: NOON }),
      token('of-a-slot', { kind: 'bootstrap', nodeUid: slot.uid }),
      token('of-no-slot', { kind: 'bootstrap', nodeUid: 'removed' }),
    ])
      await tokens.create(one);
    const sink = new MemorySink();
    stores.clock.advance(92 * DAY_MS);
    expect(await goneOf(retention([sink]).expiry)).toEqual({ 'join and bootstrap tokens': 3 });
    expect(await left()).toEqual(['good', 'of-a-file', 'of-a-slot']);
    expect(JSON.stringify(sink.lines)).not.toContain('hash-of-');
    expect(sink.idsOf('token').toSorted()).toEqual(['expired', 'of-no-slot', 'revoked']);
    // The file's token, with its text: a start does not make it valid again.
    expect(await tokens.create(token('of-a-file'))).toBe('exists');
  });

  test('of an administrator expires after its revocation, and never while it is valid', async () => {
    const made = { secretHash: 'h', role: 'admin', createdAt: NOON, expiresAt: null, lastUsedAt: null } as const;
    const tokens = stores.get(ApiTokenStore);
    await tokens.create({ ...made, id: 'a', name: 'a', createdBy: 'system', revokedAt: null });
    await tokens.create({ ...made, id: 'b', name: 'b', createdBy: 'a', revokedAt: null });
    await tokens.create({ ...made, id: 'c', name: 'c', createdBy: 'a', revokedAt: null });
    await tokens.revoke('a', NOON);
    await tokens.revoke('b', NOON);
    stores.clock.advance(91 * DAY_MS);
    expect(await goneOf(retention().expiry)).toEqual({ 'api tokens': 1 });
    expect((await tokens.list({ limit: 10 })).items.map(({ id }) => id).toSorted()).toEqual(['a', 'c']);
  });
});

test('a drain set expires when it has been over for long, and not while it runs', async () => {
  const drains = stores.get(MongoDrainSetStore);
  const set = (id: string): DrainSetRecord => ({
    ...{ id, actor: { by: 'alice', from: null }, at: NOON, reason: '', labels: ['a=b'], maxUnavailable: 1 },
    ...{
      patienceMs: null,
      onDeadline: 'wait',
      ruling: { seq: 1, value: 'resume', at: NOON, by: 'alice' },
      members: [],
    },
    ...{ state: 'RUNNING', revision: 0, rulingSeq: 0, others: { count: 0, named: [] }, waiting: false, endedAt: null },
  });
  await drains.create(set('runs'));
  await drains.create(set('over'));
  await drains.project({ id: 'over', state: 'DONE', revision: 1, rulingSeq: 1, at: NOON, changes: [] });
  stores.clock.advance(91 * DAY_MS);
  expect(await goneOf(retention().expiry)).toEqual({ drains: 1 });
  expect((await drains.list('drain', { limit: 10 })).items.map(({ id }) => id)).toEqual(['runs']);
});
