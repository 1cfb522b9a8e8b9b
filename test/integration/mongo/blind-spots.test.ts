import { describe, expect, test } from '@jest/globals';
import type { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { HeartbeatStore, type Heartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { HeardNode, BOOT, HOUR, MINUTE } from '../../support/mongo/heard-node.js';
import { NOON } from '../../support/manual-clock.js';

/** The longest wait of an agent before it tries again, in milliseconds: an interval and a half. */
const RETRY = 22_500;

const heard = new HeardNode();

describe('time in which no api recorded heartbeats', () => {
  /** Runs a replica's rounds for a while, once a second. */
  async function record(buffer: HeartbeatBuffer, forMs: number): Promise<void> {
    for (let passed = 0; passed < forMs; passed += 1_000) {
      heard.stores.clock.advance(1_000);
      await buffer.flush();
    }
  }

  test('does not count against a node: the api was down for an hour', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    await record(buffer, 10_000);
    heard.stores.clock.advance(HOUR);
    const blind = await heard.evidence();
    expect(blind).toEqual({ lastHeartbeat: NOON, bootId: BOOT, blindMs: HOUR, now: NOON + 10_000 + HOUR });

    const { buffer: restarted, lines } = heard.openBuffer('b');
    await restarted.flush();
    expect(lines).toEqual([{ msg: 'heartbeats are being recorded', blindMs: HOUR }]);
    await record(restarted, 20_000);
    // Agents may still be waiting to try again.
    expect(await heard.evidence()).toMatchObject({ blindMs: HOUR + 20_000, now: NOON + 30_000 + HOUR });
    await record(restarted, 20_000);
    expect(await heard.evidence()).toMatchObject({ blindMs: HOUR + RETRY, now: NOON + 50_000 + HOUR });
  });

  test('does not count while an api that stops accepts no heartbeat and still answers requests', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    await record(buffer, 10_000);
    buffer.add(heard.beat({ lastSeen: NOON + 10_000, seq: 2 }));
    buffer.closeForNew();
    await record(buffer, 30_000);
    await buffer.stop();
    expect(await heard.stored()).toMatchObject({ lastSeen: NOON + 10_000 });
    expect(await heard.evidence()).toMatchObject({ lastHeartbeat: NOON + 10_000, blindMs: 30_000 });
  });

  test('does not count, including gaps between outages that are shorter than agents wait before they try again', async () => {
    let { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    for (let outage = 1; outage <= 10; outage += 1) {
      heard.stores.clock.advance(10_000);
      ({ buffer } = heard.openBuffer(`a-${outage}`));
      await record(buffer, 10_000);
    }
    const { blindMs, now } = await heard.evidence();
    // Each restart is seen by the first round after it, a second later.
    expect(now - NOON - blindMs).toBe(0);
    expect(await heard.stores.get(MongoHeartbeatEvidence).blindSince(NOON, MINUTE)).toBe(10 * 20_000);
    expect(await heard.stores.get(MongoHeartbeatEvidence).latestSilent(now, MINUTE)).toBe(NOON - MINUTE);

    await record(buffer, MINUTE);
    expect(await heard.evidence()).toMatchObject({ blindMs: blindMs + RETRY - 9_000 });
  });

  test('does not count when an api is restarted quickly several times', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    for (let restart = 1; restart <= 4; restart += 1) {
      heard.stores.clock.advance(1_300);
      await heard.openBuffer(`a-${restart}`).buffer.flush();
    }
    expect(await heard.evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 4 * 1_300 });
  });

  test('counts if another replica had pulsed within the second before this one started', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    heard.stores.clock.advance(900);
    await heard.openBuffer('b').buffer.flush();
    expect(await heard.evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 0 });
  });

  test('lasts until a node with a longer interval has tried again', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat({ intervalMs: 40_000 }));
    await buffer.flush();
    heard.stores.clock.advance(HOUR);
    await buffer.flush();
    await record(buffer, 2 * MINUTE);
    expect(await heard.evidence()).toMatchObject({ intervalMs: 40_000, blindMs: HOUR + MINUTE });
  });

  test('does not count, however short it is, for a node with a short timeout', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    heard.stores.clock.advance(3_000);
    expect(await heard.evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 3_000 });
    expect(await heard.evidence()).toMatchObject({ blindMs: 0 });
    await heard.openBuffer('b').buffer.flush();
    expect(await heard.evidence({ disconnectTimeoutMs: 3_000 })).toMatchObject({ blindMs: 3_000 });
  });

  /** Duration of each write, in milliseconds. */
  class Slow extends HeartbeatStore {
    takesMs = 0;
    async record(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
      heard.stores.clock.advance(this.takesMs);
      return heard.stores.get(HeartbeatStore).record(beats);
    }
    read = () => Promise.reject(new Error('unused'));
    recordGoodbye = () => Promise.reject(new Error('unused'));
  }

  test.each([
    ['took so long that heartbeats were turned away', 4_000, 20 * 4_250],
    ['took long, and heartbeats were taken all the same', 900, 0],
    ['took a moment, and heartbeats were taken all the same', 600, 0],
  ])('does not count and is not overestimated: each round %s', async (_title, takesMs, blindMs) => {
    const store = new Slow();
    const { buffer } = heard.openBuffer('a', store);
    buffer.add(heard.beat());
    await buffer.flush();
    store.takesMs = takesMs;
    for (let round = 0; round < 20; round += 1) {
      heard.stores.clock.advance(250);
      await buffer.flush();
    }
    expect(await heard.evidence()).toMatchObject({ blindMs });
  });

  test('is counted from the last heartbeat that the workflow knows, if the api was killed before it was recorded', async () => {
    const { buffer } = heard.openBuffer('a');
    await buffer.flush();
    heard.stores.clock.advance(HOUR);
    const found = { lastHeartbeat: NOON - 100, blindMs: HOUR, now: NOON + HOUR };
    expect(await heard.evidence({ heardAt: NOON - 100 })).toEqual(found);
    await heard.stores.get(HeartbeatStore).record([heard.beat({ lastSeen: NOON - 15_000 })]);
    expect(await heard.evidence({ heardAt: NOON - 100 })).toEqual(found);
    expect(await heard.evidence({ heardAt: NOON - 20_000 })).toEqual({
      ...found,
      lastHeartbeat: NOON - 15_000,
      bootId: BOOT,
    });
  });

  test('does not count when the machine slept', async () => {
    const { buffer, lines } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    heard.stores.clock.advance(HOUR);
    await buffer.flush();
    expect(await heard.evidence()).toMatchObject({ blindMs: HOUR });
    expect(lines).toEqual([
      { msg: 'heartbeats are being recorded' },
      { msg: 'heartbeats are being recorded', blindMs: HOUR },
    ]);
  });

  test('counts if another replica was recording', async () => {
    const { buffer: a } = heard.openBuffer('a');
    const { buffer: b } = heard.openBuffer('b');
    a.add(heard.beat());
    await a.flush();
    await b.flush();
    await record(b, 30_000);
    await a.flush();
    expect(await heard.evidence()).toMatchObject({ blindMs: 0, now: NOON + 30_000 });
  });

  test('is not counted if the record was restored to before it and has forgotten the heartbeats', async () => {
    const { buffer } = heard.openBuffer('a');
    buffer.add(heard.beat());
    await buffer.flush();
    const pulses = heard.stores.connection.collection('pulses');
    const dump = {
      heartbeats: await heard.stores.connection.collection('heartbeats').find().toArray(),
      pulses: await pulses.find().toArray(),
    };
    for (let second = 1; second <= 60; second += 1) await record(buffer, 1_000);
    for (const [name, documents] of Object.entries(dump)) {
      await heard.stores.connection.collection(name).deleteMany({});
      await heard.stores.connection.collection(name).insertMany(documents);
    }
    heard.stores.clock.advance(1_000);
    await buffer.flush();
    expect(await heard.evidence()).toMatchObject({ lastHeartbeat: NOON, blindMs: 61_000, now: NOON + 61_000 });
  });

  test("is noticed after MongoDB's clock was set back, despite earlier pulses from the future", async () => {
    const { buffer } = heard.openBuffer('a');
    await buffer.flush();
    heard.stores.clock.advance(-HOUR);
    buffer.add(heard.beat({ lastSeen: NOON - HOUR }));
    await buffer.flush();
    expect(await heard.stores.get(PulseStore).recording(NOON - HOUR)).toBe(1);
    heard.stores.clock.advance(MINUTE);
    expect(await heard.evidence()).toMatchObject({ lastHeartbeat: NOON - HOUR, blindMs: MINUTE });
  });

  test('counts once if two replicas come back together, and not before the last heartbeat', async () => {
    const { buffer: a } = heard.openBuffer('a');
    await a.flush();
    heard.stores.clock.advance(MINUTE);
    const pulses = heard.stores.get(PulseStore);
    const [one, two] = await Promise.all([pulses.resume('b', NOON + MINUTE), pulses.resume('c', NOON + MINUTE)]);
    expect([one, two]).toContainEqual({ from: NOON, to: NOON + MINUTE });
    const store = heard.stores.get(HeartbeatStore);
    await store.record([heard.beat({ lastSeen: NOON + 20_000 })]);
    expect(await heard.evidence()).toMatchObject({ blindMs: 40_000 });
    await store.record([heard.beat({ seq: 2, lastSeen: NOON + MINUTE + RETRY })]);
    heard.stores.clock.advance(MINUTE);
    await pulses.beat('b', NOON + 2 * MINUTE);
    expect(await heard.evidence()).toMatchObject({ blindMs: 0 });
  });
});
