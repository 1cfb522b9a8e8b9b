import { expect, test } from '@jest/globals';
import { BackOff, growingPauseMs } from '../../../src/mechanics/back-off.js';

test('each pause is twice as long as the one before, up to the longest', () => {
  expect([1, 2, 3, 4, 5, 6].map((tries) => growingPauseMs(tries, { firstMs: 250, mostMs: 3_000 }))).toEqual([
    250, 500, 1_000, 2_000, 3_000, 3_000,
  ]);
  // A number after any number of tries.
  expect(growingPauseMs(100_000, { firstMs: 250, mostMs: 3_000 })).toBe(3_000);
});

test('a failed item is due again after 1 s, 2 s, 4 s, and a minute at most', () => {
  const backOff = new BackOff();
  let now = 0;
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    backOff.tried('a', now);
    const from = now;
    while (!backOff.isDue('a', now)) now += 500;
    pauses.push(now - from);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(backOff.isDue('b', 0)).toBe(true);
});

test('an item that is not kept is forgotten, and due at once', () => {
  const backOff = new BackOff();
  backOff.tried('a', 0);
  backOff.tried('b', 0);
  backOff.keep(['b']);
  expect([backOff.count('a'), backOff.count('b'), backOff.isDue('a', 0), backOff.isDue('b', 0)]).toEqual([
    0,
    1,
    true,
    false,
  ]);
});
