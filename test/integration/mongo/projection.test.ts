import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Projection } from '../../../activities/ports.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { ProjectionFence } from '../../../src/mongo/projection-fence.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { change, newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let nodes: NodeStore;
let projections: MongoNodeProjectionStore;
let node: NodeRecord;
beforeAll(async () => {
  nodes = stores.get(NodeStore);
  projections = stores.get(MongoNodeProjectionStore);
});
beforeEach(async () => {
  await stores.clear();
  node = await nodes.create(newNode('node-1'), []);
});

function projection(
  revision: number,
  changes: Partial<LifecycleView> = {},
  more: Partial<Projection> = {},
): Projection {
  return { view: view(node, revision, changes), sessionChanges: [], events: [], ...more };
}
const healthy = (id: string) => ({ id, type: 'NodeHealthy', at: NOON, by: 'system', reason: '' }) as const;
const read = async () => (await nodes.findByUid(node.uid)) as NodeRecord;
const eventsOf = async () => (await stores.get(EventStore).listForNode(node.uid, { limit: 100 })).items;
const unapplied = async () => (await stores.get(ReconciliationStore).unapplied([], 10)).map(({ uid }) => uid);
async function decide(action: Parameters<typeof change>[1]): Promise<NodeRecord> {
  const decided = await nodes.commitDecision(change(await read(), action));
  if (decided === 'conflict') throw new Error(decided);
  return decided;
}

describe('a projection', () => {
  test('says what the workflow sees, and that the decision is applied', async () => {
    expect(await unapplied()).toEqual([node.uid]);
    await projections.project(projection(1));
    expect(await read()).toMatchObject({
      phase: 'ACTIVE',
      liveness: 'HEALTHY',
      applied: { seq: 1, revision: 1, view: { nodeId: 'node-1' } },
    });
    expect(await unapplied()).toEqual([]);
  });

  test('never overwrites a later one, in whatever order they come', async () => {
    const revisions = [3, 1, 5, 2, 4];
    await Promise.all(
      revisions.map((revision) =>
        projections.project(projection(revision, { activeSessions: revision }, { events: [healthy(`e-${revision}`)] })),
      ),
    );
    expect((await read()).applied).toMatchObject({ revision: 5, view: { activeSessions: 5 } });
    expect(await eventsOf()).toHaveLength(5);
  });

  test('leaves the phase to a later decision that is not applied yet', async () => {
    await decide('deactivate');
    await projections.project(projection(1, { seq: 1, phase: 'ACTIVE' }));
    expect(await read()).toMatchObject({ phase: 'DRAINING', liveness: 'HEALTHY' });
    expect(await unapplied()).toEqual([node.uid]);
    await projections.project(projection(2, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }));
    expect((await read()).phase).toBe('DRAINED');
    expect(await unapplied()).toEqual([]);
  });

  test('of a workflow that goes by an earlier decision than was projected is not written, however high its revision', async () => {
    await decide('deactivate');
    await projections.project(projection(5, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }, { run: 'terminated' }));
    // Begun late, by a request of before; a signal that was later still made it speak.
    expect(await projections.project(projection(9, { seq: 1, phase: 'ACTIVE' }, { run: 'late' }))).toEqual({
      is: 'astray',
    });
    expect(await read()).toMatchObject({ phase: 'DRAINED', applied: { seq: 2, revision: 5 } });
  });

  test('is not said of another decision that has its number since the record was set back', async () => {
    const kept = await stores.connection.collection('nodes').findOne({});
    const { decision } = await decide('deactivate');
    const admitted = projection(7, { seq: 2, decisionId: decision.id ?? 'none', phase: 'DRAINED', drainedSeq: 2 });
    // MongoDB is restored, and somebody decides, between the admission of a projection and its write.
    const fence = stores.get(ProjectionFence);
    const sort = fence.sort.bind(fence);
    const spy = jest.spyOn(fence, 'sort').mockImplementationOnce(async (asked) => {
      const sorted = await sort(asked);
      await stores.connection.collection('nodes').replaceOne({}, kept as object);
      await decide('reject');
      return sorted;
    });
    await projections.project(admitted);
    spy.mockRestore();
    expect(await read()).toMatchObject({ phase: 'REJECTED', decision: { seq: 2, approval: { value: 'REJECTED' } } });
    expect(await unapplied()).toEqual([node.uid]);
  });

  test('leaves a removed node REMOVED, whatever a workflow that was started too late says', async () => {
    await decide('remove');
    expect(await projections.project(projection(1, { seq: 2, phase: 'DRAINED' }))).toMatchObject({ is: 'removed' });
    expect(await read()).toMatchObject({ living: false, phase: 'REMOVED' });
    expect(await projections.remove({ projection: projection(2, { seq: 2, phase: 'DRAINED' }), seq: 2 })).toBe(
      'removed',
    );
    expect(await read()).toMatchObject({ living: false, phase: 'REMOVED' });
    expect(await unapplied()).toEqual([]);
  });

  test('that is written twice adds its events once, and takes a reason as text whatever it looks like', async () => {
    const odd = projection(
      1,
      { approval: { value: 'APPROVED', since: NOON, reason: '$name', by: '$$ROOT' } },
      { events: [{ ...healthy('e'), reason: '$where' }] },
    );
    await projections.project(odd);
    await projections.project(odd);
    expect((await read()).applied?.view.approval).toMatchObject({ reason: '$name', by: '$$ROOT' });
    expect(await eventsOf()).toEqual([
      expect.objectContaining({ id: 'e', reason: '$where', node: 'node-1', from: null }),
    ]);
  });

  test('that MongoDB refuses keeps none of those from being written that come with it', async () => {
    const other = await nodes.create(newNode('node-2'), []);
    // MongoDB takes no document that is nested more than 180 deep.
    const nested = Array.from({ length: 200 }).reduce<object>((inner) => ({ inner }), {});
    const [refused, written] = await Promise.allSettled([
      projections.project(projection(1, nested as Partial<LifecycleView>, { events: [healthy('mine')] })),
      projections.project({ view: view(other, 1), sessionChanges: [], events: [] }),
    ]);
    expect([refused?.status, written?.status]).toEqual(['rejected', 'fulfilled']);
    expect((await nodes.findByUid(other.uid))?.applied?.revision).toBe(1);
    expect((await read()).applied).toBeNull();
  });

  describe('that blames the node for its silence', () => {
    const silent = (lastHeartbeat: number, revision = 2): Projection => {
      const condition = { since: NOON, reason: '', by: 'system' };
      const blame = { ...healthy('blame'), type: 'NodeUnknown' } as const;
      return projection(
        revision,
        { liveness: { value: 'UNKNOWN', ...condition }, lastHeartbeat },
        {
          events: [blame],
          sessionChanges: [{ id: 's1', state: 'LOST', at: NOON, by: 'system', reason: 'their node is lost' }],
        },
      );
    };
    const beat = (lastSeen: number, seq: number) =>
      stores.get(HeartbeatStore).record([{ uid: node.uid, lastSeen, bootId: 'b', seq, resources: RESOURCES }]);

    test('is not written where the node was heard since, and the answer is that heartbeat', async () => {
      await projections.project(projection(1));
      await beat(NOON + 500, 1);
      expect(await projections.project(silent(NOON))).toEqual({
        is: 'alive',
        heartbeat: { at: NOON + 500, bootId: 'b' },
      });
      expect(await read()).toMatchObject({ liveness: 'HEALTHY', applied: { revision: 1 } });
      expect(await eventsOf()).toEqual([]);
    });

    test('is written where that silence goes on', async () => {
      await beat(NOON, 1);
      expect(await projections.project(silent(NOON))).toBeUndefined();
      expect(await read()).toMatchObject({ liveness: 'UNKNOWN', applied: { revision: 2 } });
      expect(await eventsOf()).toHaveLength(1);
    });
  });

  test('of a node that was removed is not written, and the answer says by whom it was', async () => {
    await projections.project(projection(1));
    const removed = await decide('remove');
    const late = projection(
      2,
      { liveness: { value: 'UNHEALTHY', since: NOON, reason: '', by: 'system' }, lastHeartbeat: NOON },
      { events: [{ ...healthy('late'), type: 'NodeUnhealthy' }] },
    );
    expect(await projections.project(late)).toEqual({ is: 'removed', at: removed.removedAt, by: 'alice', reason: '' });
    expect(await read()).toEqual(removed);
    expect((await eventsOf()).map(({ id }) => id)).not.toContain('late');
    expect(
      await stores
        .get(MongoHeartbeatEvidence)
        .evidenceFor({ uid: node.uid, heardAt: NOON, disconnectTimeoutMs: 1_000 }),
    ).toEqual({ isGone: true, blindMs: 0, now: NOON });
  });

  test('of a node that nobody knows is no error', async () => {
    await projections.project({ view: { ...view(node, 1), uid: randomUUID() }, sessionChanges: [], events: [] });
  });

  test('keeps the ruling on drains for the next decision', async () => {
    await decide('deactivate');
    await projections.project(projection(1, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }));
    expect((await decide('decommission')).phase).toBe('DRAINED');
  });
});

describe('a removal by the workflow', () => {
  test('revokes the credential, frees the name and says so, once however often it is tried', async () => {
    await decide('decommission');
    stores.clock.advance(5_000);
    const last = projection(9, { seq: 2, phase: 'REMOVED' }, { events: [{ ...healthy('gone'), type: 'NodeRemoved' }] });
    expect(await projections.remove({ projection: last, seq: 2 })).toBe('removed');
    stores.clock.advance(5_000);
    expect(await projections.remove({ projection: last, seq: 2 })).toBe('removed');
    expect(await read()).toMatchObject({
      living: false,
      phase: 'REMOVED',
      removedAt: NOON + 5_000,
      credential: { revokedAt: NOON + 5_000 },
      applied: { seq: 2 },
    });
    expect(await nodes.findLiving('node-1')).toBeNull();
    expect((await eventsOf()).filter(({ type }) => type === 'NodeRemoved')).toHaveLength(1);
    expect(await unapplied()).toEqual([]);
    await nodes.create(newNode('node-1'), []);
  });

  test('does not happen where a later decision has come: it says so, and nothing is changed', async () => {
    await decide('decommission');
    await decide('activate');
    const before = await read();
    expect(
      await projections.remove({
        projection: projection(9, { seq: 2, phase: 'REMOVED' }, { events: [healthy('gone')] }),
        seq: 2,
      }),
    ).toBe('superseded');
    expect(await read()).toEqual(before);
    expect((await eventsOf()).map(({ id }) => id)).not.toContain('gone');
  });

  test('of a node that an administrator removed leaves the time and the revocation as they were', async () => {
    const removed = await decide('remove');
    stores.clock.advance(60_000);
    expect(await projections.remove({ projection: projection(3, { seq: 2, phase: 'REMOVED' }), seq: 2 })).toBe(
      'removed',
    );
    expect(await read()).toMatchObject({ removedAt: removed.removedAt, credential: removed.credential });
    expect(await unapplied()).toEqual([]);
  });

  test('says nothing of how a node does that was removed before', async () => {
    const removed = await decide('remove');
    const at = (removed.removedAt ?? 0) + 1;
    const events = [
      { ...healthy('too late'), type: 'NodeUnhealthy', at } as const,
      { ...healthy('before'), at: NOON } as const,
      { ...healthy('lost'), type: 'SessionsLost', at } as const,
    ];
    expect(
      await projections.remove({ projection: projection(3, { seq: 2, phase: 'REMOVED' }, { events }), seq: 2 }),
    ).toBe('removed');
    expect((await eventsOf()).map(({ id }) => id)).toEqual(expect.arrayContaining(['before', 'lost']));
    expect((await eventsOf()).map(({ id }) => id)).not.toContain('too late');
  });

  describe('that follows from silence', () => {
    const record = (lastSeen: number, seq = 1) =>
      stores.get(HeartbeatStore).record([{ uid: node.uid, lastSeen, bootId: 'b', seq, resources: RESOURCES }]);
    const remove = () =>
      projections.remove({
        projection: projection(9, { phase: 'REMOVED' }, { events: [{ ...healthy('gone'), type: 'NodeRemoved' }] }),
        seq: 1,
        silentSince: NOON,
      });

    test('does not happen where the node was heard since: its credential is good, and nothing is changed', async () => {
      await record(NOON + 1);
      const before = await read();
      expect(await remove()).toEqual({ is: 'alive', heartbeat: { at: NOON + 1, bootId: 'b' } });
      expect(await read()).toEqual(before);
      expect(await eventsOf()).toEqual([]);
    });

    test('happens where that silence goes on', async () => {
      await record(NOON);
      expect(await remove()).toBe('removed');
    });

    test('and a heartbeat at the same moment: either the node lives, or nobody was told that it was heard', async () => {
      for (let round = 0; round < 20; round += 1) {
        await stores.clear();
        node = await nodes.create(newNode('node-1'), []);
        const [outcome, unheard] = await Promise.all([remove(), record(NOON + 1)]);
        expect({ living: (await read()).living, heard: unheard.length === 0 }).toEqual(
          outcome === 'removed' ? { living: false, heard: false } : { living: true, heard: true },
        );
      }
    });
  });
});
