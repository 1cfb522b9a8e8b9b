import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EvidenceRequest } from '../../../activities/ports.js';
import { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { HeartbeatStore, type Heartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { sharedMongod, type Mongod } from '../../support/servers/mongod.js';
import { change, newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { openStores, type Stores } from '../../support/mongo/open-stores.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The longest that an agent waits before it tries again, in milliseconds: an interval and a half. */
const RETRY = 22_500;

let mongod: Mongod;
let stores: Stores;
let node: NodeRecord;
beforeAll(async () => {
  mongod = await sharedMongod();
  stores = await openStores(mongod.uri);
});
afterAll(async () => {
  await stores?.close();
  await mongod?.stop();
});
beforeEach(async () => {
  await stores.clear();
  node = await stores.get(NodeStore).create(newNode('node-1'), []);
});

const BOOT = '11111111-1111-4111-8111-111111111111';
const NEXT_BOOT = '22222222-2222-4222-8222-222222222222';
const beat = (changes: Partial<Heartbeat> = {}): Heartbeat => ({
  uid: node.uid,
  lastSeen: NOON,
  bootId: BOOT,
  seq: 1,
  resources: RESOURCES,
  ...changes,
});
const stored = async () => (await stores.get(HeartbeatStore).read([node.uid])).get(node.uid);
const evidence = (request: Partial<EvidenceRequest> = {}) =>
  stores.get(MongoHeartbeatEvidence).evidenceFor({ uid: node.uid, disconnectTimeoutMs: MINUTE, ...request });

interface Line {
  msg: string;
  reason?: string;
  blindMs?: number;
}

function openBuffer(
  replica: string,
  heartbeats: HeartbeatStore = stores.get(HeartbeatStore),
): { buffer: HeartbeatBuffer; lines: Line[] } {
  const lines: Line[] = [];
  const write = (line: Line) => void lines.push(line);
  return {
    buffer: new HeartbeatBuffer(
      heartbeats,
      stores.get(PulseStore),
      stores.clock,
      { warn: write, log: write },
      replica,
      new MetricRegistry(),
    ),
    lines,
  };
}

describe('the record of heartbeats', () => {
  test('has none for a node that was never heard', async () => {
    expect(await stored()).toBeUndefined();
    expect(await evidence()).toEqual({ blindMs: 0, now: NOON });
  });

  test('never goes back: an earlier one of the same boot changes nothing, whenever it comes', async () => {
    const store = stores.get(HeartbeatStore);
    await store.record([beat({ seq: 7, lastSeen: NOON + 700 })]);
    await store.record([beat({ seq: 6, lastSeen: NOON + 900, resources: { ...RESOURCES, connections: 99 } })]);
    expect(await stored()).toMatchObject({ seq: 7, lastSeen: NOON + 700, resources: { connections: 3 } });
    await store.record([beat({ seq: 8, lastSeen: NOON + 600 })]);
    expect(await stored()).toMatchObject({ seq: 8, lastSeen: NOON + 700 });
    await store.record([beat({ bootId: NEXT_BOOT, seq: 0, lastSeen: NOON + 800 })]);
    expect(await stored()).toMatchObject({ bootId: NEXT_BOOT, seq: 0, lastSeen: NOON + 800 });
    await store.record([beat({ bootId: BOOT, seq: 9, lastSeen: NOON + 750 })]);
    expect(await stored()).toMatchObject({ bootId: NEXT_BOOT });
  });

  test('says which of many changed nothing: of another boot by now, replayed, or of a node that is gone', async () => {
    const store = stores.get(HeartbeatStore);
    const other = await stores.get(NodeStore).create(newNode('node-2'), []);
    expect(await store.record([beat({ seq: 7 }), beat({ uid: other.uid })])).toEqual([]);
    const [replayed, overtaken, gone] = [
      beat({ seq: 6, continuesBoot: true }),
      beat({ uid: other.uid, bootId: NEXT_BOOT, seq: 9, continuesBoot: true }),
      beat({ uid: 'nobody', continuesBoot: true }),
    ];
    expect(await store.record([replayed, overtaken, gone])).toEqual([replayed, overtaken, gone]);
    expect(await store.record([beat({ seq: 8, continuesBoot: true }), overtaken])).toEqual([overtaken]);
    expect(await stored()).toMatchObject({ seq: 8 });
  });

  test('remembers how soon the node was told to beat again where that is not as configured', async () => {
    const store = stores.get(HeartbeatStore);
    for (const continuesBoot of [false, true]) {
      const seq = continuesBoot ? 3 : 1;
      await store.record([beat({ seq, continuesBoot, intervalMs: 30_000 })]);
      expect(await stored()).toMatchObject({ seq, intervalMs: 30_000 });
      await store.record([beat({ seq: seq + 1, continuesBoot })]);
      expect(await stored()).not.toHaveProperty('intervalMs');
    }
  });

  test('does not come back for a removed node', async () => {
    await stores.get(NodeStore).commitDecision(change(node, 'remove'));
    await stores.get(HeartbeatStore).record([beat()]);
    expect(await stored()).toBeUndefined();
    expect(await stores.get(MongoHeartbeatEvidence).fleetSize()).toBe(0);
  });

  test('keeps a goodbye until the node is heard again, and takes none of an earlier boot', async () => {
    const store = stores.get(HeartbeatStore);
    await store.record([beat()]);
    await store.recordGoodbye(node.uid, NEXT_BOOT, NOON);
    expect(await stored()).not.toHaveProperty('saidGoodbyeAt');
    await store.recordGoodbye(node.uid, BOOT, NOON + 5);
    expect(await stored()).toMatchObject({ saidGoodbyeAt: NOON + 5 });
    await store.record([beat({ seq: 2 })]);
    expect(await stored()).not.toHaveProperty('saidGoodbyeAt');
  });
});

describe('the buffer', () => {
  test('writes the latest heartbeat of each node, once', async () => {
    const { buffer } = openBuffer('a');
    await buffer.flush();
    expect(buffer.add(beat({ seq: 2 }))).toBe(true);
    expect(buffer.add(beat({ seq: 1 }))).toBe(false);
    expect(buffer.add(beat({ seq: 3 }))).toBe(true);
    expect([buffer.size, buffer.latest(node.uid)?.seq]).toEqual([1, 3]);
    await buffer.flush();
    expect([buffer.size, (await stored())?.seq]).toEqual([0, 3]);
  });

  test('takes no more nodes in than it could write within ten seconds, as it has learnt from its writes; those that wait it takes again', async () => {
    class Paced extends HeartbeatStore {
      record(): Promise<Heartbeat[]> {
        stores.clock.advance(100);
        return Promise.resolve([]);
      }
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer } = openBuffer('a', new Paced());
    const fill = (count: number) => Array.from({ length: count }, (_, at) => buffer.add(beat({ uid: `n${at}` })));
    fill(1_000);
    expect(buffer.isFullFor('another')).toBe(false);
    await buffer.flush();
    // 500 in a tenth of a second, and a tenth's rest: 2,500 a second.
    fill(24_999);
    expect(buffer.isFullFor('another')).toBe(false);
    fill(25_000);
    expect([buffer.isFullFor('another'), buffer.isFullFor('n7')]).toEqual([true, false]);
    await buffer.stop();
    expect([buffer.size, buffer.isFullFor('another')]).toEqual([0, false]);
  });

  test('is stalled before its first round, and from a failed one until one succeeds; it keeps one heartbeat a node and complains once', async () => {
    let broken = true;
    class Breakable extends HeartbeatStore {
      async record(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
        if (broken) throw new Error('no primary');
        return stores.get(HeartbeatStore).record(beats);
      }
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer, lines } = openBuffer('a', new Breakable());
    expect(buffer.isStalled).toBe(true);
    for (let seq = 0; seq < 5; seq += 1) {
      buffer.add(beat({ seq }));
      await buffer.flush();
    }
    expect([buffer.isStalled, buffer.size]).toEqual([true, 1]);
    broken = false;
    await buffer.flush();
    expect([buffer.isStalled, buffer.size]).toEqual([false, 0]);
    expect((await stored())?.seq).toBe(4);
    expect(lines).toEqual([
      { msg: 'heartbeats cannot be recorded; trying again', reason: 'no primary' },
      { msg: 'heartbeats are being recorded' },
    ]);
  });

  test('is stalled while a round takes too long', async () => {
    let finish = (): void => undefined;
    class Slow extends HeartbeatStore {
      record = () => new Promise<Heartbeat[]>((resolve) => (finish = () => resolve([])));
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer } = openBuffer('a', new Slow());
    const first = buffer.flush();
    finish();
    await first;
    expect(buffer.isStalled).toBe(false);
    const second = buffer.flush();
    stores.clock.advance(3_000);
    expect(buffer.isStalled).toBe(true);
    finish();
    await second;
    expect(buffer.isStalled).toBe(false);
  });

  test('writes what waits when it stops', async () => {
    const { buffer } = openBuffer('a');
    await buffer.flush();
    buffer.add(beat());
    await buffer.stop();
    expect(await stored()).toMatchObject({ seq: 1 });
  });
});

describe('the time in which no api was recording', () => {
  /** Runs a replica's rounds for a while, once a second. */
  async function record(buffer: HeartbeatBuffer, forMs: number): Promise<void> {
    for (let passed = 0; passed < forMs; passed += 1_000) {
      stores.clock.advance(1_000);
      await buffer.flush();
    }
  }

  test('is not held against a node: the api was down for an hour', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    await record(buffer, 10_000);
    stores.clock.advance(HOUR);
    const blind = await evidence();
    expect(blind).toEqual({ lastHeartbeat: NOON, bootId: BOOT, blindMs: HOUR, now: NOON + 10_000 + HOUR });

    const { buffer: restarted, lines } = openBuffer('b');
    await restarted.flush();
    expect(lines).toEqual([{ msg: 'heartbeats are being recorded', blindMs: HOUR }]);
    await record(restarted, 20_000);
    // Agents may still be waiting to try again.
    expect(await evidence()).toMatchObject({ blindMs: HOUR + 20_000, now: NOON + 30_000 + HOUR });
    await record(restarted, 20_000);
    expect(await evidence()).toMatchObject({ blindMs: HOUR + RETRY, now: NOON + 50_000 + HOUR });
  });

  test('is held against no node, nor are the moments between outages that are shorter than agents wait before they try again', async () => {
    let { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    for (let outage = 1; outage <= 10; outage += 1) {
      stores.clock.advance(10_000);
      ({ buffer } = openBuffer(`a-${outage}`));
      await record(buffer, 10_000);
    }
    const { blindMs, now } = await evidence();
    // Each restart is seen by the first round after it, a second later.
    expect(now - NOON - blindMs).toBe(0);
    expect(await stores.get(MongoHeartbeatEvidence).blindSince(NOON, MINUTE)).toBe(10 * 20_000);
    expect(await stores.get(MongoHeartbeatEvidence).latestSilent(now, MINUTE)).toBe(NOON - MINUTE);

    await record(buffer, MINUTE);
    expect(await evidence()).toMatchObject({ blindMs: blindMs + RETRY - 9_000 });
  });

  test('is not held against a node, of an api that is restarted within a moment, several times', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    for (let restart = 1; restart <= 4; restart += 1) {
      stores.clock.advance(1_300);
      await openBuffer(`a-${restart}`).buffer.flush();
    }
    expect(await evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 4 * 1_300 });
  });

  test('is held against it where another replica had pulsed within the second before this one began', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    stores.clock.advance(900);
    await openBuffer('b').buffer.flush();
    expect(await evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 0 });
  });

  test('lasts for a node that was told to beat more seldom until it has tried again', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat({ intervalMs: 40_000 }));
    await buffer.flush();
    stores.clock.advance(HOUR);
    await buffer.flush();
    await record(buffer, 2 * MINUTE);
    expect(await evidence()).toMatchObject({ intervalMs: 40_000, blindMs: HOUR + MINUTE });
  });

  test('is not held against a node of which little patience is had, however short it is', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    stores.clock.advance(3_000);
    expect(await evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 3_000 });
    expect(await evidence()).toMatchObject({ blindMs: 0 });
    await openBuffer('b').buffer.flush();
    expect(await evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 3_000 });
  });

  /** Each write takes so long, in milliseconds. */
  class Slow extends HeartbeatStore {
    takesMs = 0;
    async record(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
      stores.clock.advance(this.takesMs);
      return stores.get(HeartbeatStore).record(beats);
    }
    read = () => Promise.reject(new Error('unused'));
    recordGoodbye = () => Promise.reject(new Error('unused'));
  }

  test.each([
    ['took so long that heartbeats were turned away', 4_000, 20 * 4_250],
    ['took long, and heartbeats were taken all the same', 900, 0],
    ['took a moment, and heartbeats were taken all the same', 600, 0],
  ])('is not held against a node, and is no more than it was: each round %s', async (_title, takesMs, blindMs) => {
    const store = new Slow();
    const { buffer } = openBuffer('a', store);
    buffer.add(beat());
    await buffer.flush();
    store.takesMs = takesMs;
    for (let round = 0; round < 20; round += 1) {
      stores.clock.advance(250);
      await buffer.flush();
    }
    expect(await evidence()).toMatchObject({ blindMs });
  });

  test('is counted from the last heartbeat that the workflow heard, where the api was killed before it was recorded', async () => {
    const { buffer } = openBuffer('a');
    await buffer.flush();
    stores.clock.advance(HOUR);
    const heard = { lastHeartbeat: NOON - 100, blindMs: HOUR, now: NOON + HOUR };
    expect(await evidence({ heardAt: NOON - 100 })).toEqual(heard);
    await stores.get(HeartbeatStore).record([beat({ lastSeen: NOON - 15_000 })]);
    expect(await evidence({ heardAt: NOON - 100 })).toEqual(heard);
    expect(await evidence({ heardAt: NOON - 20_000 })).toEqual({
      ...heard,
      lastHeartbeat: NOON - 15_000,
      bootId: BOOT,
    });
  });

  test('is not held against a node: the machine slept', async () => {
    const { buffer, lines } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    stores.clock.advance(HOUR);
    await buffer.flush();
    expect(await evidence()).toMatchObject({ blindMs: HOUR });
    expect(lines).toEqual([
      { msg: 'heartbeats are being recorded' },
      { msg: 'heartbeats are being recorded', blindMs: HOUR },
    ]);
  });

  test('is held against it where another replica was recording', async () => {
    const { buffer: a } = openBuffer('a');
    const { buffer: b } = openBuffer('b');
    a.add(beat());
    await a.flush();
    await b.flush();
    await record(b, 30_000);
    await a.flush();
    expect(await evidence()).toMatchObject({ blindMs: 0, now: NOON + 30_000 });
  });

  test('does not count where the record was restored to before it, and has forgotten whoever was heard', async () => {
    const { buffer } = openBuffer('a');
    buffer.add(beat());
    await buffer.flush();
    const pulses = stores.connection.collection('pulses');
    const dump = {
      heartbeats: await stores.connection.collection('heartbeats').find().toArray(),
      pulses: await pulses.find().toArray(),
    };
    for (let second = 1; second <= 60; second += 1) await record(buffer, 1_000);
    for (const [name, documents] of Object.entries(dump)) {
      await stores.connection.collection(name).deleteMany({});
      await stores.connection.collection(name).insertMany(documents);
    }
    stores.clock.advance(1_000);
    await buffer.flush();
    expect(await evidence()).toMatchObject({ lastHeartbeat: NOON, blindMs: 61_000, now: NOON + 61_000 });
  });

  test("is noticed after MongoDB's clock was set back, though pulses of before are later", async () => {
    const { buffer } = openBuffer('a');
    await buffer.flush();
    stores.clock.advance(-HOUR);
    buffer.add(beat({ lastSeen: NOON - HOUR }));
    await buffer.flush();
    expect(await stores.get(PulseStore).recording(NOON - HOUR)).toBe(1);
    stores.clock.advance(MINUTE);
    expect(await evidence()).toMatchObject({ lastHeartbeat: NOON - HOUR, blindMs: MINUTE });
  });

  test('counts once where two replicas come back together, and not at all before the last heartbeat', async () => {
    const { buffer: a } = openBuffer('a');
    await a.flush();
    stores.clock.advance(MINUTE);
    const pulses = stores.get(PulseStore);
    const [one, two] = await Promise.all([pulses.resume('b', NOON + MINUTE), pulses.resume('c', NOON + MINUTE)]);
    expect([one, two]).toContainEqual({ from: NOON, to: NOON + MINUTE });
    const store = stores.get(HeartbeatStore);
    await store.record([beat({ lastSeen: NOON + 20_000 })]);
    expect(await evidence()).toMatchObject({ blindMs: 40_000 });
    await store.record([beat({ seq: 2, lastSeen: NOON + MINUTE + RETRY })]);
    stores.clock.advance(MINUTE);
    await pulses.beat('b', NOON + 2 * MINUTE);
    expect(await evidence()).toMatchObject({ blindMs: 0 });
  });
});
