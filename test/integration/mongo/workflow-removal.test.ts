import { describe, expect, test } from '@jest/globals';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';
import { healthy, useProjectedNode } from '../../support/mongo/projected-node.js';

const stores = useStores();
const projected = useProjectedNode(stores);

describe('a removal by the workflow', () => {
  test('revokes the credential, frees the name and reports it, once however often it is tried', async () => {
    await projected.decide('decommission');
    stores.clock.advance(5_000);
    const last = projected.projection(
      9,
      { seq: 2, phase: 'REMOVED' },
      { events: [{ ...healthy('gone'), type: 'NodeRemoved' }] },
    );
    expect(await projected.projections.remove({ projection: last, seq: 2 })).toBe('removed');
    stores.clock.advance(5_000);
    expect(await projected.projections.remove({ projection: last, seq: 2 })).toBe('removed');
    expect(await projected.read()).toMatchObject({
      living: false,
      phase: 'REMOVED',
      removedAt: NOON + 5_000,
      credential: { revokedAt: NOON + 5_000 },
      applied: { seq: 2 },
    });
    expect(await projected.nodes.findLiving('node-1')).toBeNull();
    expect((await projected.events()).filter(({ type }) => type === 'NodeRemoved')).toHaveLength(1);
    expect(await projected.unapplied()).toEqual([]);
    await projected.nodes.create(newNode('node-1'), []);
  });

  test('is refused after a later decision, and changes nothing', async () => {
    await projected.decide('decommission');
    await projected.decide('activate');
    const before = await projected.read();
    expect(
      await projected.projections.remove({
        projection: projected.projection(9, { seq: 2, phase: 'REMOVED' }, { events: [healthy('gone')] }),
        seq: 2,
      }),
    ).toBe('superseded');
    expect(await projected.read()).toEqual(before);
    expect((await projected.events()).map(({ id }) => id)).not.toContain('gone');
  });

  test('of a node that an administrator removed keeps time and revocation', async () => {
    const removed = await projected.decide('remove');
    stores.clock.advance(60_000);
    expect(
      await projected.projections.remove({ projection: projected.projection(3, { seq: 2, phase: 'REMOVED' }), seq: 2 }),
    ).toBe('removed');
    expect(await projected.read()).toMatchObject({ removedAt: removed.removedAt, credential: removed.credential });
    expect(await projected.unapplied()).toEqual([]);
  });

  test('reports no progress of a node that was removed before', async () => {
    const removed = await projected.decide('remove');
    const at = (removed.removedAt ?? 0) + 1;
    const events = [
      { ...healthy('too late'), type: 'NodeUnhealthy', at } as const,
      { ...healthy('before'), at: NOON } as const,
      { ...healthy('lost'), type: 'SessionsLost', at } as const,
    ];
    expect(
      await projected.projections.remove({
        projection: projected.projection(3, { seq: 2, phase: 'REMOVED' }, { events }),
        seq: 2,
      }),
    ).toBe('removed');
    expect((await projected.events()).map(({ id }) => id)).toEqual(expect.arrayContaining(['before', 'lost']));
    expect((await projected.events()).map(({ id }) => id)).not.toContain('too late');
  });

  describe('that follows from silence', () => {
    const record = (lastSeen: number, seq = 1) =>
      stores
        .get(HeartbeatStore)
        .record([{ uid: projected.node.uid, lastSeen, bootId: 'b', seq, resources: RESOURCES }]);
    const remove = () =>
      projected.projections.remove({
        projection: projected.projection(
          9,
          { phase: 'REMOVED' },
          { events: [{ ...healthy('gone'), type: 'NodeRemoved' }] },
        ),
        seq: 1,
        silentSince: NOON,
      });

    test('is refused if the node was heard since: its credential stays valid', async () => {
      await record(NOON + 1);
      const before = await projected.read();
      expect(await remove()).toEqual({ is: 'alive', heartbeat: { at: NOON + 1, bootId: 'b' } });
      expect(await projected.read()).toEqual(before);
      expect(await projected.events()).toEqual([]);
    });

    test('happens if that silence goes on', async () => {
      await record(NOON);
      expect(await remove()).toBe('removed');
    });

    test('and a heartbeat at the same moment: either the node lives, or the heartbeat was not accepted', async () => {
      for (let round = 0; round < 20; round += 1) {
        await projected.begin();
        const [outcome, unheard] = await Promise.all([remove(), record(NOON + 1)]);
        expect({ living: (await projected.read()).living, heard: unheard.length === 0 }).toEqual(
          outcome === 'removed' ? { living: false, heard: false } : { living: true, heard: true },
        );
      }
    });
  });
});
