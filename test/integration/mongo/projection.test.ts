import { randomUUID } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import type { Projection } from '../../../activities/ports.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { ProjectionFence } from '../../../src/mongo/projection-fence.js';
import { newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';
import { healthy, useProjectedNode } from '../../support/mongo/projected-node.js';

const stores = useStores();
const projected = useProjectedNode(stores);

describe('a projection', () => {
  test("stores the workflow's view, and that the decision is applied", async () => {
    expect(await projected.unapplied()).toEqual([projected.node.uid]);
    await projected.projections.project(projected.projection(1));
    expect(await projected.read()).toMatchObject({
      phase: 'ACTIVE',
      liveness: 'HEALTHY',
      applied: { seq: 1, revision: 1, view: { nodeId: 'node-1' } },
    });
    expect(await projected.unapplied()).toEqual([]);
  });

  test('never overwrites a later one, in whatever order they come', async () => {
    const revisions = [3, 1, 5, 2, 4];
    await Promise.all(
      revisions.map((revision) =>
        projected.projections.project(
          projected.projection(revision, { activeSessions: revision }, { events: [healthy(`e-${revision}`)] }),
        ),
      ),
    );
    expect((await projected.read()).applied).toMatchObject({ revision: 5, view: { activeSessions: 5 } });
    expect(await projected.events()).toHaveLength(5);
  });

  test('leaves the phase to a later decision that is not applied yet', async () => {
    await projected.decide('deactivate');
    await projected.projections.project(projected.projection(1, { seq: 1, phase: 'ACTIVE' }));
    expect(await projected.read()).toMatchObject({ phase: 'DRAINING', liveness: 'HEALTHY' });
    expect(await projected.unapplied()).toEqual([projected.node.uid]);
    await projected.projections.project(projected.projection(2, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }));
    expect((await projected.read()).phase).toBe('DRAINED');
    expect(await projected.unapplied()).toEqual([]);
  });

  test('by an earlier decision than the stored one is not written, however high its revision', async () => {
    await projected.decide('deactivate');
    await projected.projections.project(
      projected.projection(5, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }, { run: 'terminated' }),
    );
    // Started late, by an earlier request; a later signal still made it project.
    expect(
      await projected.projections.project(projected.projection(9, { seq: 1, phase: 'ACTIVE' }, { run: 'late' })),
    ).toEqual({
      is: 'astray',
    });
    expect(await projected.read()).toMatchObject({ phase: 'DRAINED', applied: { seq: 2, revision: 5 } });
  });

  test('does not confirm another decision that got its number after the record was set back', async () => {
    const kept = await stores.connection.collection('nodes').findOne({});
    const { decision } = await projected.decide('deactivate');
    const admitted = projected.projection(7, {
      seq: 2,
      decisionId: decision.id ?? 'none',
      phase: 'DRAINED',
      drainedSeq: 2,
    });
    // MongoDB is restored, and somebody decides, between the acceptance of a projection and its write.
    const fence = stores.get(ProjectionFence);
    const sort = fence.sort.bind(fence);
    const spy = jest.spyOn(fence, 'sort').mockImplementationOnce(async (asked) => {
      const sorted = await sort(asked);
      await stores.connection.collection('nodes').replaceOne({}, kept as object);
      await projected.decide('reject');
      return sorted;
    });
    await projected.projections.project(admitted);
    spy.mockRestore();
    expect(await projected.read()).toMatchObject({
      phase: 'REJECTED',
      decision: { seq: 2, approval: { value: 'REJECTED' } },
    });
    expect(await projected.unapplied()).toEqual([projected.node.uid]);
  });

  test('leaves a removed node REMOVED, whatever a late workflow says', async () => {
    await projected.decide('remove');
    expect(await projected.projections.project(projected.projection(1, { seq: 2, phase: 'DRAINED' }))).toMatchObject({
      is: 'removed',
    });
    expect(await projected.read()).toMatchObject({ living: false, phase: 'REMOVED' });
    expect(
      await projected.projections.remove({ projection: projected.projection(2, { seq: 2, phase: 'DRAINED' }), seq: 2 }),
    ).toBe('removed');
    expect(await projected.read()).toMatchObject({ living: false, phase: 'REMOVED' });
    expect(await projected.unapplied()).toEqual([]);
  });

  test('written twice adds its events once, and stores a reason as text', async () => {
    const odd = projected.projection(
      1,
      { approval: { value: 'APPROVED', since: NOON, reason: '$name', by: '$$ROOT' } },
      { events: [{ ...healthy('e'), reason: '$where' }] },
    );
    await projected.projections.project(odd);
    await projected.projections.project(odd);
    expect((await projected.read()).applied?.view.approval).toMatchObject({ reason: '$name', by: '$$ROOT' });
    expect(await projected.events()).toEqual([
      expect.objectContaining({ id: 'e', reason: '$where', node: 'node-1', from: null }),
    ]);
  });

  test('refused by MongoDB does not keep others in the batch from being written', async () => {
    const other = await projected.nodes.create(newNode('node-2'), []);
    // MongoDB stores no document that is nested more than 180 deep.
    const nested = Array.from({ length: 200 }).reduce<object>((inner) => ({ inner }), {});
    const [refused, written] = await Promise.allSettled([
      projected.projections.project(
        projected.projection(1, nested as Partial<LifecycleView>, { events: [healthy('mine')] }),
      ),
      projected.projections.project({ view: view(other, 1), sessionChanges: [], events: [] }),
    ]);
    expect([refused?.status, written?.status]).toEqual(['rejected', 'fulfilled']);
    expect((await projected.nodes.findByUid(other.uid))?.applied?.revision).toBe(1);
    expect((await projected.read()).applied).toBeNull();
  });

  describe('that judges the node silent', () => {
    const silent = (lastHeartbeat: number, revision = 2): Projection => {
      const condition = { since: NOON, reason: '', by: 'system' };
      const blame = { ...healthy('blame'), type: 'NodeUnknown' } as const;
      return projected.projection(
        revision,
        { liveness: { value: 'UNKNOWN', ...condition }, lastHeartbeat },
        {
          events: [blame],
          sessionChanges: [{ id: 's1', state: 'LOST', at: NOON, by: 'system', reason: 'their node is lost' }],
        },
      );
    };
    const beat = (lastSeen: number, seq: number) =>
      stores
        .get(HeartbeatStore)
        .record([{ uid: projected.node.uid, lastSeen, bootId: 'b', seq, resources: RESOURCES }]);

    test('is not written if the node was heard since; the answer is that heartbeat', async () => {
      await projected.projections.project(projected.projection(1));
      await beat(NOON + 500, 1);
      expect(await projected.projections.project(silent(NOON))).toEqual({
        is: 'alive',
        heartbeat: { at: NOON + 500, bootId: 'b' },
      });
      expect(await projected.read()).toMatchObject({ liveness: 'HEALTHY', applied: { revision: 1 } });
      expect(await projected.events()).toEqual([]);
    });

    test('is written if the silence goes on', async () => {
      await beat(NOON, 1);
      expect(await projected.projections.project(silent(NOON))).toBeUndefined();
      expect(await projected.read()).toMatchObject({ liveness: 'UNKNOWN', applied: { revision: 2 } });
      expect(await projected.events()).toHaveLength(1);
    });
  });

  test('of a removed node is not written, and the answer says who removed it', async () => {
    await projected.projections.project(projected.projection(1));
    const removed = await projected.decide('remove');
    const late = projected.projection(
      2,
      { liveness: { value: 'UNHEALTHY', since: NOON, reason: '', by: 'system' }, lastHeartbeat: NOON },
      { events: [{ ...healthy('late'), type: 'NodeUnhealthy' }] },
    );
    expect(await projected.projections.project(late)).toEqual({
      is: 'removed',
      at: removed.removedAt,
      by: 'alice',
      reason: '',
    });
    expect(await projected.read()).toEqual(removed);
    expect((await projected.events()).map(({ id }) => id)).not.toContain('late');
    expect(
      await stores
        .get(MongoHeartbeatEvidence)
        .evidenceFor({ uid: projected.node.uid, heardAt: NOON, disconnectTimeoutMs: 1_000 }),
    ).toEqual({ isGone: true, blindMs: 0, now: NOON });
  });

  test('of an unknown node is no error', async () => {
    await projected.projections.project({
      view: { ...view(projected.node, 1), uid: randomUUID() },
      sessionChanges: [],
      events: [],
    });
  });

  test('keeps the ruling on drains for the next decision', async () => {
    await projected.decide('deactivate');
    await projected.projections.project(projected.projection(1, { seq: 2, phase: 'DRAINED', drainedSeq: 2 }));
    expect((await projected.decide('decommission')).phase).toBe('DRAINED');
  });
});
