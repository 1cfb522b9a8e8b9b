import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FleetCounts } from '../../../contract/fleet-state.js';
import type { FleetCensus } from '../../../src/cluster/fleet-census.js';
import { FleetHistoryReader } from '../../../src/fleet/fleet-history-reader.js';
import { FleetRecorder } from '../../../src/fleet/fleet-recorder.js';
import { FleetStore } from '../../../src/fleet/fleet-store.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { eventually } from '../../support/eventually.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MINUTE_OF_NOON = NOON / MINUTE;

const stores = useStores();
let store: FleetStore;
let reader: FleetHistoryReader;
beforeAll(() => {
  store = stores.get(FleetStore);
  reader = new FleetHistoryReader(store, stores.clock);
});
beforeEach(() => stores.clear());

const collection = () => stores.connection.collection('fleethistory');
const recordMinute = (minute: number, states: FleetCounts) =>
  store.record(MINUTE_OF_NOON + minute, { at: NOON + minute * MINUTE, states });

class Counting {
  taken = 0;
  constructor(private readonly states: FleetCounts | Error) {}
  take = async (): Promise<FleetCounts> => {
    this.taken += 1;
    if (this.states instanceof Error) throw this.states;
    return this.states;
  };
}

/** A replica's, from its start on. */
function recorder(census: Counting): FleetRecorder {
  const begun = new FleetRecorder(
    census as Pick<FleetCensus, 'take'> as FleetCensus,
    store,
    stores.get(DatabaseProbe),
    stores.clock,
  );
  begun.onApplicationBootstrap();
  return begun;
}

describe('the history of the fleet', () => {
  test('is kept for a week, in at most 150 bytes a minute', async () => {
    const { expireAfterSeconds } = (await collection().indexes()).find(({ key }) => key['at'] === 1) ?? {};
    expect(expireAfterSeconds).toBe(7 * 86_400);
    const states = { healthy: 18_650, unknown: 604, unhealthy: 388, draining: 291, pending: 304, rejected: 201 };
    await collection().insertMany(
      Array.from({ length: 10_080 }, (_, minute) => ({
        _id: (MINUTE_OF_NOON + minute) as never,
        at: new Date(NOON + minute * MINUTE),
        states: { ...states, healthy: 18_650 - (minute % 97), unknown: 604 + (minute % 97) },
      })),
    );
    const [stats] = await collection()
      .aggregate([{ $collStats: { storageStats: {} } }])
      .toArray();
    const { size, totalIndexSize } = (stats as { storageStats: { size: number; totalIndexSize: number } }).storageStats;
    if (process.env['ROLLCALL_FIGURES'])
      process.stderr.write(`a week: ${size} bytes of documents, ${totalIndexSize} of indexes\n`);
    expect(size / 10_080).toBeLessThan(150);
  });

  test('has one point per minute, of whichever replica came first', async () => {
    const [first, second] = [new Counting({ healthy: 3 }), new Counting({ healthy: 4 })];
    const one = recorder(first);
    await eventually(async () => expect(await store.isRecorded(MINUTE_OF_NOON)).toBe(true));
    const other = recorder(second);
    await other.beforeApplicationShutdown();
    await one.beforeApplicationShutdown();
    // Two that look at the same moment.
    await recordMinute(0, { healthy: 5 });
    expect(await store.points(0)).toEqual([{ at: NOON, states: { healthy: 3 } }]);
    expect([first.taken, second.taken <= 1]).toEqual([1, true]);
  });

  test('has no point for a minute that could not be counted', async () => {
    const failing = new Counting(new Error('away'));
    const one = recorder(failing);
    await eventually(() => expect(failing.taken).toBe(1));
    await one.beforeApplicationShutdown();
    expect(await store.points(0)).toEqual([]);
    await recordMinute(1, { healthy: 1 });
    await recordMinute(31, { healthy: 1 });
    stores.clock.reset(NOON + HOUR);
    const { points } = await reader.read({ window: '1h' });
    expect(points.map(({ at }) => Date.parse(at))).toEqual([NOON + MINUTE, NOON + 31 * MINUTE]);
  });

  test('shows the minute with the most unhealthy nodes of those that are merged', async () => {
    await recordMinute(0, { healthy: 5 });
    await recordMinute(1, { healthy: 3, unhealthy: 2 });
    await recordMinute(2, { healthy: 4, unknown: 1 });
    await recordMinute(14, { healthy: 5 });
    stores.clock.reset(NOON + HOUR);
    const read = async (resolution?: string) =>
      (await reader.read({ window: '24h', resolution })).points.map(({ states }) => states);
    expect(await read('1m')).toHaveLength(4);
    expect(await read('14m')).toEqual([{ healthy: 3, unhealthy: 2 }, { healthy: 5 }]);
    expect(await read()).toEqual([{ healthy: 3, unhealthy: 2 }, { healthy: 4, unknown: 1 }, { healthy: 5 }]);
  });

  test('begins with its window, and skips unknown states of another version', async () => {
    await recordMinute(0, { healthy: 1 });
    await recordMinute(2, { healthy: 2, sleeping: 7 } as FleetCounts);
    stores.clock.reset(NOON + HOUR + MINUTE);
    const history = await reader.read({ window: '1h' });
    expect(history).toMatchObject({
      window: '1h',
      from: new Date(NOON + MINUTE).toISOString(),
      to: new Date(NOON + HOUR + MINUTE).toISOString(),
      resolutionMs: MINUTE,
    });
    expect(history.points).toEqual([{ at: new Date(NOON + 2 * MINUTE).toISOString(), states: { healthy: 2 } }]);
  });
});
