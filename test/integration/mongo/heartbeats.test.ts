import { describe, expect, test } from '@jest/globals';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { HeardNode, BOOT, NEXT_BOOT } from '../../support/mongo/heard-node.js';
import { change, newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';

const heard = new HeardNode();

describe('the record of heartbeats', () => {
  test('has none for a node that was never heard', async () => {
    expect(await heard.stored()).toBeUndefined();
    expect(await heard.evidence()).toEqual({ blindMs: 0, now: NOON });
  });

  test('never goes back: an earlier heartbeat of the same boot is ignored', async () => {
    const store = heard.stores.get(HeartbeatStore);
    await store.record([heard.beat({ seq: 7, lastSeen: NOON + 700 })]);
    await store.record([heard.beat({ seq: 6, lastSeen: NOON + 900, resources: { ...RESOURCES, connections: 99 } })]);
    expect(await heard.stored()).toMatchObject({ seq: 7, lastSeen: NOON + 700, resources: { connections: 3 } });
    await store.record([heard.beat({ seq: 8, lastSeen: NOON + 600 })]);
    expect(await heard.stored()).toMatchObject({ seq: 8, lastSeen: NOON + 700 });
    await store.record([heard.beat({ bootId: NEXT_BOOT, seq: 0, lastSeen: NOON + 800 })]);
    expect(await heard.stored()).toMatchObject({ bootId: NEXT_BOOT, seq: 0, lastSeen: NOON + 800 });
    await store.record([heard.beat({ bootId: BOOT, seq: 9, lastSeen: NOON + 750 })]);
    expect(await heard.stored()).toMatchObject({ bootId: NEXT_BOOT });
  });

  test('reports which of many were ignored: of an earlier boot, replayed, or of a removed node', async () => {
    const store = heard.stores.get(HeartbeatStore);
    const other = await heard.stores.get(NodeStore).create(newNode('node-2'), []);
    expect(await store.record([heard.beat({ seq: 7 }), heard.beat({ uid: other.uid })])).toEqual([]);
    const [replayed, overtaken, gone] = [
      heard.beat({ seq: 6, continuesBoot: true }),
      heard.beat({ uid: other.uid, bootId: NEXT_BOOT, seq: 9, continuesBoot: true }),
      heard.beat({ uid: 'nobody', continuesBoot: true }),
    ];
    expect(await store.record([replayed, overtaken, gone])).toEqual([replayed, overtaken, gone]);
    expect(await store.record([heard.beat({ seq: 8, continuesBoot: true }), overtaken])).toEqual([overtaken]);
    expect(await heard.stored()).toMatchObject({ seq: 8 });
  });

  test('stores the interval that the node was told if it is not the configured one', async () => {
    const store = heard.stores.get(HeartbeatStore);
    for (const continuesBoot of [false, true]) {
      const seq = continuesBoot ? 3 : 1;
      await store.record([heard.beat({ seq, continuesBoot, intervalMs: 30_000 })]);
      expect(await heard.stored()).toMatchObject({ seq, intervalMs: 30_000 });
      await store.record([heard.beat({ seq: seq + 1, continuesBoot })]);
      expect(await heard.stored()).not.toHaveProperty('intervalMs');
    }
  });

  test('stays empty for a removed node', async () => {
    await heard.stores.get(NodeStore).commitDecision(change(heard.node, 'remove'));
    await heard.stores.get(HeartbeatStore).record([heard.beat()]);
    expect(await heard.stored()).toBeUndefined();
    expect(await heard.stores.get(MongoHeartbeatEvidence).fleetSize()).toBe(0);
  });

  test('keeps a goodbye until the node is heard again, and ignores one of an earlier boot', async () => {
    const store = heard.stores.get(HeartbeatStore);
    await store.record([heard.beat()]);
    await store.recordGoodbye(heard.node.uid, NEXT_BOOT, NOON);
    expect(await heard.stored()).not.toHaveProperty('saidGoodbyeAt');
    await store.recordGoodbye(heard.node.uid, BOOT, NOON + 5);
    expect(await heard.stored()).toMatchObject({ saidGoodbyeAt: NOON + 5 });
    await store.record([heard.beat({ seq: 2 })]);
    expect(await heard.stored()).not.toHaveProperty('saidGoodbyeAt');
  });
});
