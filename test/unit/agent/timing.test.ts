import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backoffDelay } from '../../../agent/process/backoff.js';
import { parseRetryAfter } from '../../../client/retry-after.js';
import { longestRetry, untilNextHeartbeat } from '../../../agent/process/schedule.js';
import { LONGEST_RETRY_INTERVALS } from '../../../contract/heartbeat-pace.js';

const POLICY = { baseMs: 500, capMs: 15_000 };
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('back-off', () => {
  test('the ceiling doubles with every failure, up to the cap', () => {
    const highest = () => 0.999_999;
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 400].map((failures) => Math.round(backoffDelay(failures, POLICY, highest)));
    expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test('every delay is between a minimum and the ceiling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), draw, (failures, random) => {
        const delay = backoffDelay(failures, POLICY, () => random);
        expect(delay).toBeGreaterThanOrEqual(100);
        expect(delay).toBeLessThanOrEqual(POLICY.capMs);
      }),
    );
  });

  test("the server's wish is the minimum, and agents that got the same wish spread out behind it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        draw,
        fc.integer({ min: POLICY.capMs, max: POLICY.capMs * 1.25 }),
        (failures, random, retryAfterMs) => {
          const delay = backoffDelay(failures, POLICY, () => random, retryAfterMs);
          expect(delay).toBeGreaterThanOrEqual(retryAfterMs);
          expect(delay).toBeLessThanOrEqual(retryAfterMs * 1.2);
        },
      ),
    );
  });

  test('a server that asks for an hour is asked again after one and a half times the longest delay at the latest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), draw, (failures, random) => {
        expect(backoffDelay(failures, POLICY, () => random, 3_600_000)).toBeLessThanOrEqual(
          POLICY.capMs * LONGEST_RETRY_INTERVALS,
        );
      }),
    );
  });
});

describe('the longest wait before a failed heartbeat is tried again', () => {
  test.each([
    ['the own interval, before anything was asked for', undefined, 15_000],
    ['what was asked for, where that is shorter: the node is judged by it', 2_000, 2_000],
    ['the own interval, where the fleet is told to beat more seldom', 60_000, 15_000],
    ['the own interval, where what was asked for is no time', Number.NaN, 15_000],
    ['no less than the soonest', 1, 100],
  ])('is %s', (_what, askedMs, expected) => {
    expect(longestRetry(askedMs, 15_000)).toBe(expected);
  });
});

describe('the next heartbeat', () => {
  test('is sent when the orchestrator asked for it', () => {
    expect(untilNextHeartbeat(13_700, 15_000, () => 0.9)).toBe(13_700);
  });

  test("is sent at the agent's own interval, give or take a tenth, by default", () => {
    expect(untilNextHeartbeat(undefined, 15_000, () => 0)).toBe(13_500);
    expect(untilNextHeartbeat(undefined, 15_000, () => 0.5)).toBe(15_000);
    fc.assert(
      fc.property(draw, fc.constantFrom(undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY), (random, asked) => {
        const delay = untilNextHeartbeat(asked, 15_000, () => random);
        expect(delay).toBeGreaterThanOrEqual(13_500);
        expect(delay).toBeLessThanOrEqual(16_500);
      }),
    );
  });

  test('neither floods the orchestrator nor waits for ever, whatever was asked for', () => {
    expect(untilNextHeartbeat(1, 15_000, Math.random)).toBe(100);
    expect(untilNextHeartbeat(1e12, 15_000, Math.random)).toBe(3_600_000);
  });
});

describe('Retry-After', () => {
  const NOW = Date.parse('2026-11-21T10:00:00Z');

  test.each([
    ['45', 45_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 10:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['999999999', 60_000],
    ['soon', undefined],
    ['-5', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
