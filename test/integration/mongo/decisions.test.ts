import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { TransactionAbandoned } from '../../../src/mongo/database-unavailable.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeNameTaken, NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import { change, event, INFO, newNode, newSlot } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let nodes: NodeStore;
let events: EventStore;
let connection: Connection;
beforeAll(async () => {
  nodes = stores.get(NodeStore);
  events = stores.get(EventStore);
  connection = stores.connection;
});
let count = 0;
let node: NodeRecord;
beforeEach(async () => {
  count += 1;
  node = await nodes.create(newNode(`node-${count}`), []);
});

async function read(uid: string): Promise<NodeRecord> {
  const found = await nodes.findByUid(uid);
  if (!found) throw new Error('gone');
  return found;
}

describe('a new node', () => {
  test('is read back as it was created', async () => {
    expect(await nodes.findLiving(node.name)).toEqual(node);
    expect(node).toMatchObject({
      living: true,
      phase: 'WAITING',
      liveness: 'UNKNOWN',
      applied: null,
      credential: { generation: 1 },
    });
  });

  test('cannot take the name of a living node, whoever tries at the same time', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => nodes.create(newNode('wanted'), [])));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of tries)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(NodeNameTaken);
  });

  test('keeps labels whose keys contain dots and dollar signs', async () => {
    const labelled = await nodes.create(
      newNode(`labelled-${count}`, { labels: { 'topology.rollcall/zone': 'eu-1', pool: 'a' } }),
      [],
    );
    expect((await read(labelled.uid)).labels).toEqual({ 'topology.rollcall/zone': 'eu-1', pool: 'a' });
  });

  test('is found by its key until the key is revoked', async () => {
    expect((await nodes.findByPublicKey(`key-of-${node.name}`))?.uid).toBe(node.uid);
    await nodes.revokeCredential(node.uid, NOON, event(node.uid, { type: 'TokenRevoked' }));
    expect(await nodes.findByPublicKey(`key-of-${node.name}`)).toBeNull();
    const again = await nodes.replaceCredential(node.uid, NOON, { publicKeyX: 'new-key', info: INFO }, event(node.uid));
    expect(again?.credential).toEqual({ publicKeyX: 'new-key', generation: 2, since: NOON });
  });
});

describe('a decision', () => {
  test('in a race of fifty from the same state, exactly one is committed for each seq, with exactly its event', async () => {
    for (let round = 0; round < 3; round += 1) {
      const before = await read(node.uid);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => nodes.commitDecision(change(before, 'deactivate', `try ${index}`))),
      );
      // On a busy machine some do not get through in time, and are refused.
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(TransactionAbandoned);
      const committed = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' && outcome.value !== 'conflict' ? [outcome.value] : [],
      );
      expect(committed).toHaveLength(1);
      const after = await read(node.uid);
      expect(after.decision.seq).toBe(before.decision.seq + 1);
      expect(after).toEqual(committed[0]);
      const { items } = await events.listForNode(node.uid, { limit: 100 });
      expect(items).toHaveLength(round + 1);
      expect(items.map(({ reason }) => reason)).toContain(after.decision.availability.reason);
    }
  });

  test('conflicts if the state that it was made from is not the latest', async () => {
    await nodes.commitDecision(change(node, 'deactivate'));
    expect(await nodes.commitDecision(change(node, 'reject'))).toBe('conflict');
    expect((await read(node.uid)).decision.approval.value).toBe('APPROVED');
  });

  test('to reject leaves the credential, with which the node learns why', async () => {
    const rejected = await nodes.commitDecision(change(node, 'reject', '$unauthorized {node}'));
    expect(rejected).toMatchObject({
      phase: 'REJECTED',
      credential: { generation: 1 },
      decision: { approval: { reason: '$unauthorized {node}' } },
    });
    expect((await read(node.uid)).credential).not.toHaveProperty('revokedAt');
  });

  test('to approve a rejected node waits for a heartbeat, and to reject cancels a drain', async () => {
    const drained = (await nodes.commitDecision(change(node, 'deactivate'))) as NodeRecord;
    expect(drained.phase).toBe('DRAINING');
    const rejected = (await nodes.commitDecision(change(drained, 'reject'))) as NodeRecord;
    const approved = (await nodes.commitDecision(change(rejected, 'approve'))) as NodeRecord;
    expect(approved.phase).toBe('WAITING');
  });

  test('to remove revokes the credential and frees the name in the same write; the next node of that name is another one', async () => {
    const removed = await nodes.commitDecision(change(node, 'remove', 'old', NOON + 5));
    expect(removed).toMatchObject({
      living: false,
      phase: 'REMOVED',
      removedAt: NOON + 5,
      credential: { revokedAt: NOON + 5 },
    });
    expect(await nodes.findLiving(node.name)).toBeNull();
    expect(await nodes.findByPublicKey(`key-of-${node.name}`)).toBeNull();
    const next = await nodes.create(newNode(node.name), []);
    expect(next.uid).not.toBe(node.uid);
    expect((await nodes.findLiving(node.name))?.uid).toBe(next.uid);
    expect(await nodes.commitDecision(change(removed as NodeRecord, 'approve'))).toBe('conflict');
  });

  test('to remove has one name in events and audit, whichever it was stored under', async () => {
    await connection.collection<{ _id: string }>('events').insertOne({
      _id: `earlier-${count}`,
      ...{ uid: node.uid, node: node.name, at: NOON, type: 'NodeDeleted', by: 'ana', reason: 'sold', from: null },
    });
    await nodes.commitDecision(change(node, 'remove', 'broken', NOON + 1));
    await events.append([
      {
        id: `later-${count}`,
        uid: node.uid,
        node: node.name,
        at: NOON + 1,
        type: 'NodeRemoved',
        by: 'ana',
        reason: 'broken',
        from: null,
      },
    ]);
    const words = ({ items }: { items: readonly { type: string; reason: string }[] }) =>
      items.filter(({ type }) => type.startsWith('Node')).map(({ type, reason }) => `${type}: ${reason}`);
    const expected = ['NodeRemoved: broken', 'NodeRemoved: sold'];
    expect(words(await events.audit({ types: ['NodeRemoved'], node: node.name, limit: 10 }))).toEqual(expected);
    expect(words(await events.listForNode(node.uid, { limit: 10 }))).toEqual(expect.arrayContaining(expected));
  });

  test('to register a slot sets its key, and adds labels to its own', async () => {
    const slot = await nodes.create(newSlot(`slot-${count}`, { pool: 'a' }), []);
    expect(slot).toMatchObject({ credential: null, joinedAt: null });
    const joined = await nodes.commitDecision({
      ...change(slot, 'register'),
      joining: { publicKeyX: 'k', info: INFO },
      labels: { rack: '1' },
    });
    expect(joined).toMatchObject({
      credential: { publicKeyX: 'k', generation: 1, since: NOON + 1_000 },
      joinedAt: NOON + 1_000,
      labels: { pool: 'a', rack: '1' },
      info: { hostname: 'rack-1' },
    });
  });
});

describe('a unit of work', () => {
  test('leaves nothing behind when it fails', async () => {
    const failing = stores.get(UnitOfWork).run(async () => {
      await nodes.create(newNode('half-done'), [event('u')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await nodes.findLiving('half-done')).toBeNull();
    expect(await connection.collection('heartbeats').countDocuments()).toBe(
      await connection.collection('nodes').countDocuments({ living: true }),
    );
  });
});

describe('an edit', () => {
  test('changes the given fields, with an event, and nothing of a removed node', async () => {
    expect(
      await nodes.edit(node.uid, { description: 'left rack' }, event(node.uid, { type: 'NodeEdited' })),
    ).toMatchObject({ description: 'left rack', labels: {} });
    expect((await events.listForNode(node.uid, { limit: 10 })).items.map(({ type }) => type)).toEqual(['NodeEdited']);
    await nodes.commitDecision(change(node, 'remove'));
    expect(await nodes.edit(node.uid, { description: 'x' }, event(node.uid))).toBeNull();
    expect(await nodes.saveInfo(node.uid, INFO)).toBe(false);
  });
});
