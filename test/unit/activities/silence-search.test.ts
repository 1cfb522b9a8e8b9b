import { expect, test } from '@jest/globals';
import { createSilenceSweepActivities, type SilenceSearch } from '../../../activities/silence-sweep-activities.js';

const SECOND = 1_000;
const POLICY = { disconnectTimeoutMs: 60 * SECOND, unknownTimeoutMs: 300 * SECOND, removeAfterMs: 0 };

/**
 * How long nodes had been silent before each pass of a sweep looked for them, in a fleet whose size changes.
 * @param blind time without recorded heartbeats, from the first pass on, in milliseconds
 */
async function patience(sizes: number[], everyMs: number, blind = { from: 0, to: 0 }): Promise<number[]> {
  const began = 1_000_000_000;
  let now = began;
  let pass = 0;
  const searches: (SilenceSearch & { now: number })[] = [];
  const activities = createSilenceSweepActivities({
    watchForMassSilence: () => Promise.resolve(false),
    silence: {
      findHeld: () => Promise.resolve([]),
      now: () => now,
      blindSince: (from) =>
        Promise.resolve(Math.max(0, Math.min(now, began + blind.to) - Math.max(from, began + blind.from))),
      fleetSize: () => Promise.resolve(sizes[pass] ?? 0),
      find: (search) => {
        searches.push({ ...search, now });
        return Promise.resolve({ nodes: [], more: false });
      },
    },
    notice: () => Promise.resolve(true),
    pulse: {
      progress: () => undefined,
      beat: () => undefined,
      rest: () => {
        now += everyMs;
        return ++pass === sizes.length ? Promise.reject(new Error('the worker stops')) : Promise.resolve();
      },
    },
    policy: () => POLICY,
    pacing: { intervalMs: 15 * SECOND, maxPerSecond: 2_000 },
  });
  await expect(activities.sweepForSilence()).rejects.toThrow('the worker stops');
  return searches.filter(({ still }) => still.length === 1).map(({ until, now: at }) => (at - until) / SECOND);
}

test('a fleet with the configured interval is searched by DisconnectTimeout', async () => {
  expect(await patience([0, 20_000, 30_000], SECOND)).toEqual([60, 60, 60]);
});

test('a fleet with a longer interval is searched by a proportionally longer timeout', async () => {
  expect(await patience([30_000, 60_000, 120_000], SECOND)).toEqual([60, 120, 240]);
});

test('a fleet that shrinks keeps the longer timeout for as long as its nodes may keep the longer interval', async () => {
  expect(await patience([60_000, 30_000, 30_000, 30_000, 30_000, 30_000], 30 * SECOND)).toEqual([
    120, 120, 120, 120, 60, 60,
  ]);
});

test('blind time delays the discovery only of nodes that were silent in it', async () => {
  const blind = { from: 20 * SECOND, to: 30 * SECOND };
  expect(
    await patience(
      Array.from({ length: 7 }, () => 1),
      20 * SECOND,
      blind,
    ),
  ).toEqual([60, 60, 70, 70, 70, 60, 60]);
});
