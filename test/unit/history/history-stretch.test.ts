import { describe, expect, test } from '@jest/globals';
import { nodeHistoryQuerySchema } from '../../../contract/schemas/history.js';
import { historyStretch } from '../../../src/history/history-stretch.js';
import { NOON } from '../../support/manual-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (at: number) => new Date(at).toISOString();

test('windows end now, with a resolution that fits their length', () => {
  const shown = (window: '1h' | '24h' | '7d') => {
    const { from, to, isWhole, resolutionMs, slotMs } = historyStretch({ window }, NOON, 15_000);
    return [(to - from) / HOUR, isWhole, resolutionMs / 1_000, slotMs / 1_000];
  };
  expect(shown('1h')).toEqual([1, true, 5, 15]);
  expect(shown('24h')).toEqual([24, false, 120, 360]);
  expect(shown('7d')).toEqual([168, false, 840, 3_600]);
});

test('a custom range is shown by heartbeats while all of them are kept, and by minutes after that', () => {
  const now = historyStretch({ from: iso(NOON - 50 * MINUTE), to: iso(NOON - 40 * MINUTE) }, NOON, 15_000);
  expect(now).toMatchObject({ window: null, isWhole: true, resolutionMs: 5_000, slotMs: 15_000 });
  // The hour that was shown, requested a minute later by its ends.
  expect(historyStretch({ from: iso(NOON - 61 * MINUTE), to: iso(NOON - MINUTE) }, NOON, 15_000).isWhole).toBe(true);
  const before = historyStretch({ from: iso(NOON - 3 * HOUR), to: iso(NOON - 2 * HOUR) }, NOON, 15_000);
  expect(before).toMatchObject({ window: null, isWhole: false, resolutionMs: 60_000, slotMs: 120_000 });
  expect(before.to - before.from).toBe(HOUR);
});

test('no range has more than 720 points and 240 slots, or reaches into the future', () => {
  for (const hours of [0.02, 0.5, 1, 2, 5, 12, 30, 100, 168]) {
    const stretch = historyStretch({ from: iso(NOON - hours * HOUR), to: iso(NOON + HOUR) }, NOON, 15_000);
    expect(stretch.to).toBe(NOON);
    expect((stretch.to - stretch.from) / stretch.resolutionMs).toBeLessThanOrEqual(720);
    expect((stretch.to - stretch.from) / stretch.slotMs).toBeLessThanOrEqual(240);
  }
  const future = historyStretch({ from: iso(NOON + HOUR) }, NOON, 15_000);
  expect(future.to).toBe(future.from);
});

describe('a requested range', () => {
  const faults = (query: object) =>
    nodeHistoryQuerySchema.safeParse(query).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  test.each([
    [{}],
    [{ window: '7d' }],
    [{ from: iso(NOON) }],
    [{ from: iso(NOON), to: iso(NOON + MINUTE) }],
    [{ from: iso(NOON), to: iso(NOON + 168 * HOUR) }],
  ])('%j is valid', (query) => expect(faults(query)).toBeUndefined());

  test.each([
    [{ to: iso(NOON) }, 'from: give it with to'],
    [{ window: '1h', from: iso(NOON) }, 'window: give either it, or from and to'],
    [{ from: iso(NOON), to: iso(NOON + 59_000) }, 'to: it must be a minute after from, or more'],
    [{ from: iso(NOON), to: iso(NOON + 168 * HOUR + 1) }, 'to: it must be a week after from at most'],
  ])('%j is invalid: %s', (query, fault) => expect(faults(query)).toEqual([fault]));
});
