import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { Clock } from '../../../src/mechanics/clock.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { HeartbeatHistory } from '../../../src/history/heartbeat-history.js';
import { HistoryReader } from '../../../src/history/history-reader.js';
import { historyPoint } from '../../../src/history/history-point.js';
import { HistoryStore, type HistoryPoint } from '../../../src/history/history-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { eventually } from '../../support/eventually.js';
import { newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { HeartbeatPace } from '../../../src/cluster/heartbeat-pace.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { ClusterStore } from '../../../src/cluster/cluster-store.js';
import { FleetSize } from '../../../src/cluster/fleet-size.js';
import { useStores } from '../../support/mongo/open-stores.js';

const MIB = 1_048_576;
const HOUR = 3_600_000;
const config = loadConfig({ env: {}, flags: {} });

const stores = useStores();
let store: HistoryStore;
let reader: HistoryReader;
let node: NodeRecord;

const fleet = () => new FleetSize(stores.get(ClusterStore), stores.get(PulseStore), stores.clock);
const pace = () => new HeartbeatPace(fleet(), config);
beforeAll(async () => {
  // Collections are created right after the connection.
  await stores.get(DatabaseProbe).ready;
  store = stores.get(HistoryStore);
  reader = new HistoryReader(stores.get(NodeStore), store, stores.get(EventStore), pace(), fleet(), stores.clock);
  node = await stores.get(NodeStore).create(newNode('node-1', { at: NOON }), []);
});
const point = (uid: string, at: number, changes: Partial<HistoryPoint> = {}): HistoryPoint => ({
  uid,
  at,
  cpu: 0.25,
  memoryUsedBytes: 512 * MIB,
  memoryTotalBytes: 2_048 * MIB,
  diskUsedBytes: 10_240 * MIB,
  diskTotalBytes: 102_400 * MIB,
  connections: 3,
  sessions: 1,
  ...changes,
});

describe('traces of CPU', () => {
  test('are means of each step over several replicas, with gaps where nothing was heard, and absent where nothing ever was', async () => {
    const [busy, gap, never] = [randomUUID(), randomUUID(), randomUUID()];
    const from = NOON + 100 * HOUR;
    const minute = (uid: string, minutes: number, cpu: number) => ({
      ...point(uid, from + minutes * 60_000, { cpu }),
      late: 0,
    });
    await store.record(
      [],
      [
        minute(busy, -1, 1),
        minute(busy, 0, 0.2),
        minute(busy, 1, 0.4),
        minute(busy, 1, 0.6),
        minute(busy, 2, 0.004),
        minute(gap, 3.5, 0.999),
        minute(gap, 4, 0.5),
      ],
    );
    const traces = await store.cpuTraces([busy, gap, never], { from, stepMs: 120_000, points: 2 });
    expect(Object.fromEntries(traces)).toEqual({ [busy]: [40, 0], [gap]: [null, 100] });
    expect(await store.cpuTraces([], { from, stepMs: 120_000, points: 2 })).toEqual(new Map());
  });
});

describe('the history of heartbeats', () => {
  test('keeps each point of an hour and each minute of a week in a time series that expires', async () => {
    const collections = await stores.connection.db?.listCollections({ type: 'timeseries' }).toArray();
    const kept = Object.fromEntries(
      (collections ?? []).map((collection) => [
        collection.name,
        (collection as { options?: { expireAfterSeconds?: number } }).options?.expireAfterSeconds,
      ]),
    );
    expect(kept).toEqual({ beathistory: 3_600, minutehistory: 604_800 });
  });

  test('returns the points of a node since a given time, earliest first', async () => {
    const [uid, other] = [randomUUID(), randomUUID()];
    await store.record(
      [
        point(uid, NOON + 2_000),
        point(other, NOON + 1_000),
        point(uid, NOON + 1_000, { cpu: 0.1234 }),
        point(uid, NOON),
      ],
      [{ ...point(uid, NOON), late: 2 }],
    );
    expect(await store.beats(uid, NOON + 1)).toEqual([
      point(uid, NOON + 1_000, { cpu: 0.123 }),
      point(uid, NOON + 2_000),
    ]);
    expect(await store.minutes(uid, NOON)).toEqual([{ ...point(uid, NOON), late: 2 }]);
    expect(await store.beats(randomUUID(), 0)).toEqual([]);
  });

  test('stores measures of machines that have them, and reads documents from before they existed', async () => {
    const uid = randomUUID();
    const swapping = point(uid, NOON + 2_000, { loadAverage: 1.53, swapUsedBytes: 256 * MIB });
    await store.record([swapping, point(uid, NOON + 1_000)], []);
    const {
      at: _at,
      uid: _uid,
      ...before
    } = {
      at: 0,
      uid,
      cpu: 0.25,
      memory: 512,
      memoryTotal: 2_048,
      disk: 10_240,
      diskTotal: 102_400,
      connections: 3,
      sessions: 1,
    };
    await stores.connection.collection('beathistory').insertOne({ at: new Date(NOON), uid, ...before });
    expect(await store.beats(uid, NOON)).toEqual([point(uid, NOON), point(uid, NOON + 1_000), swapping]);
  });

  test('finds a node’s points by an index', async () => {
    const plan = await stores.connection
      .collection('beathistory')
      .find({ uid: node.uid, at: { $gte: new Date(NOON) } })
      .explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain('"IXSCAN"');
  });

  test('shows an hour as it was, with late and missed heartbeats', async () => {
    stores.clock.reset(NOON + HOUR);
    const times = Array.from({ length: 240 }, (_, index) => NOON + index * 15_000 + 1_000).filter(
      (_, index) => index < 100 || index > 103,
    );
    await store.record(
      times.map((at) => point(node.uid, at)),
      [],
    );
    const history = await reader.read('node-1', { window: '1h' });
    expect(history).toMatchObject({
      window: '1h',
      from: new Date(NOON).toISOString(),
      to: new Date(NOON + HOUR).toISOString(),
      intervalMs: 15_000,
      resolutionMs: 5_000,
    });
    expect(history.points).toHaveLength(236);
    expect(history.points[0]).toEqual({ ...withoutUid(point(node.uid, 0)), at: new Date(NOON + 1_000).toISOString() });
    expect(history.heartbeats).toMatchObject({
      from: new Date(NOON).toISOString(),
      slotMs: 15_000,
      missed: 4,
      late: 1,
      received: 236,
    });
    expect(history.heartbeats.slots.slice(99, 105)).toEqual([
      'received',
      'missed',
      'missed',
      'missed',
      'missed',
      'late',
    ]);
  });

  test('shows a day and a week by minutes, in at most 720 points', async () => {
    const week = 7 * 24 * HOUR;
    stores.clock.reset(NOON + week);
    const joined = await stores.get(NodeStore).create(newNode('node-2', { at: NOON }), []);
    const minutes = Array.from({ length: week / 60_000 }, (_, minute) => ({
      ...point(joined.uid, NOON + minute * 60_000 + 50_000),
      late: minute === 9_000 ? 1 : 0,
    }));
    await store.record([], minutes);
    const shown = await reader.read('node-2', { window: '7d' });
    expect(shown.points.length).toBeGreaterThan(700);
    expect(shown.points.length).toBeLessThanOrEqual(721);
    expect(shown.heartbeats).toMatchObject({ slotMs: HOUR, late: 1, missed: 0 });
    expect(shown.heartbeats.slots).toHaveLength(169);
    const day = await reader.read('node-2', { window: '24h' });
    expect(day.points.length).toBeLessThanOrEqual(721);
    expect(day.heartbeats).toMatchObject({ slotMs: 360_000, missed: 0, late: 1 });
  });

  test('shows nothing as missed while the control plane did not listen', async () => {
    stores.clock.reset(NOON + HOUR);
    const deaf = await stores.get(NodeStore).create(newNode('node-3', { at: NOON }), []);
    await stores.connection
      .collection('blindspots')
      .insertOne({ from: NOON + 60_000, to: NOON + 120_000, endedAt: new Date() });
    await store.record([point(deaf.uid, NOON + 59_000), point(deaf.uid, NOON + 121_000)], []);
    const { heartbeats } = await reader.read('node-3', { window: '1h' });
    expect(heartbeats.slots.slice(3, 9)).toEqual(['received', 'blind', 'blind', 'blind', 'blind', 'received']);
    await stores.connection.collection('blindspots').deleteMany({});
  });

  test('is empty for an unknown node', async () => {
    await expect(reader.read('nobody', { window: '1h' })).rejects.toMatchObject({ fault: { code: 'NODE_NOT_FOUND' } });
  });
});

describe('writing it', () => {
  test('happens in rounds, of finished minutes, and of the rest when the api stops', async () => {
    const [uid, clock] = [randomUUID(), stores.clock];
    clock.reset(NOON);
    const history = new HeartbeatHistory(store, stores.get(DatabaseProbe), pace(), fleet(), clock);
    history.onApplicationBootstrap();
    const record = { uid, activeSessions: 0 };
    history.add(historyPoint(record, RESOURCES, NOON), undefined);
    history.add(historyPoint(record, RESOURCES, NOON + 30_000), NOON);
    await eventually(async () => expect(await store.beats(uid, 0)).toHaveLength(2));
    expect(await store.minutes(uid, 0)).toEqual([]);
    clock.advance(60_000);
    await eventually(async () =>
      expect(await store.minutes(uid, 0)).toMatchObject([{ at: NOON + 30_000, connections: 3, late: 1 }]),
    );
    history.add(historyPoint(record, RESOURCES, NOON + 70_000), NOON + 30_000);
    await history.onApplicationShutdown();
    expect((await store.minutes(uid, 0)).map(({ at }) => at)).toEqual([NOON + 30_000, NOON + 70_000]);
  });

  test('takes the points of a node together if a fleet has too many to write one by one', async () => {
    const [uid, clock] = [randomUUID(), stores.clock];
    clock.reset(NOON);
    class LargeFleet extends FleetSize {
      override get current(): number {
        return 20_000;
      }
    }
    const history = new HeartbeatHistory(
      store,
      stores.get(DatabaseProbe),
      pace(),
      new LargeFleet(stores.get(ClusterStore), stores.get(PulseStore), clock),
      clock,
    );
    history.onApplicationBootstrap();
    for (let beat = 0; beat < 3; beat += 1) {
      history.add(point(uid, clock.now()), undefined);
      clock.advance(15_000);
    }
    const later = randomUUID();
    history.add(point(later, clock.now()), undefined);
    clock.advance(7_500);
    await eventually(async () => expect(await store.beats(uid, 0)).toHaveLength(3));
    expect(await store.beats(later, 0)).toEqual([]);
    await history.onApplicationShutdown();
    expect(await store.beats(later, 0)).toHaveLength(1);
  });

  test('delays no heartbeat when it fails, and keeps a bounded number of points', async () => {
    let [writes, points, isAway] = [0, 0, true];
    class Counting extends HistoryStore {
      async record(beats: readonly HistoryPoint[]): Promise<void> {
        writes += 1;
        if (isAway) throw new Error('away');
        points += beats.length;
      }
      beats = () => Promise.resolve([]);
      minutes = () => Promise.resolve([]);
      cpuTraces = () => Promise.resolve(new Map());
      blindSpots = () => Promise.resolve([]);
    }
    const stopWithMany = async () => {
      const history = new HeartbeatHistory(
        new Counting(),
        stores.get(DatabaseProbe),
        pace(),
        fleet(),
        stores.get(Clock),
      );
      for (let index = 0; index < 110_000; index += 1) history.add(point(`u${index}`, NOON), undefined);
      await history.onApplicationShutdown();
    };
    await stopWithMany();
    // One write that waits for an unavailable MongoDB is enough to know.
    expect(writes).toBe(1);
    isAway = false;
    await stopWithMany();
    expect(points).toBe(100_000);
    expect(await stores.get(HeartbeatStore).read([node.uid])).toBeInstanceOf(Map);
  });
});

function withoutUid({ uid: _uid, ...rest }: HistoryPoint) {
  return rest;
}
