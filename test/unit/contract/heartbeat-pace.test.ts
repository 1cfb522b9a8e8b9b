import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  awaitedIntervalMs,
  pacedIntervalMs,
  signalRegime,
  stretchedTimeoutMs,
} from '../../../contract/heartbeat-pace.js';
import { missedHeartbeats, quietSince } from '../../../contract/health.js';

describe('the pace of a fleet', () => {
  test.each([
    [0, 15_000],
    [20_000, 15_000],
    [30_000, 15_000],
    [30_001, 15_001],
    [100_000, 50_000],
  ])('%d nodes beat every %d ms, if 2,000 heartbeats a second are accepted', (nodes, intervalMs) => {
    expect(pacedIntervalMs({ intervalMs: 15_000, maxPerSecond: 2_000 }, nodes)).toBe(intervalMs);
  });

  test('never makes more heartbeats than are accepted, nor more than configured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 3_600_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (intervalMs, maxPerSecond, nodes) => {
          const paced = pacedIntervalMs({ intervalMs, maxPerSecond }, nodes);
          expect(paced).toBeGreaterThanOrEqual(intervalMs);
          expect((nodes * 1_000) / paced).toBeLessThanOrEqual(Math.max(maxPerSecond, (nodes * 1_000) / intervalMs));
          if (paced > intervalMs) expect((nodes * 1_000) / paced).toBeLessThanOrEqual(maxPerSecond);
        },
      ),
    );
  });
});

describe('a node with an interval of its own', () => {
  test('has a timeout stretched in proportion to a longer interval, and unchanged by a shorter one', () => {
    expect([undefined, 15_000, 5_000, 30_000, 20_000].map((told) => stretchedTimeoutMs(60_000, 15_000, told))).toEqual([
      60_000, 60_000, 60_000, 120_000, 80_000,
    ]);
    expect([undefined, 5_000, 20_000].map((told) => awaitedIntervalMs(15_000, told))).toEqual([15_000, 15_000, 20_000]);
  });

  test('is quiet when it has missed as many heartbeats of that interval, and not before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 10, max: 60_000 }),
        fc.option(fc.integer({ min: 10, max: 600_000 }), { nil: undefined }),
        fc.integer({ min: 0, max: 6_000_000 }),
        (missed, intervalMs, told, silence) => {
          const now = 10_000_000;
          const isQuiet = now - silence <= quietSince({ now, missed, intervalMs }, told);
          expect(isQuiet).toBe(missedHeartbeats(now - silence, now, awaitedIntervalMs(intervalMs, told)) >= missed);
        },
      ),
    );
  });
});

test('workflows hear of every heartbeat while those are within the budget', () => {
  expect([750, 751].map((nodes) => signalRegime(nodes, 15_000, 50))).toEqual(['every', 'changes']);
});
