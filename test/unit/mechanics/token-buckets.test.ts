import { expect, test } from '@jest/globals';
import { TokenBuckets } from '../../../src/mechanics/token-buckets.js';

function buckets() {
  let now = 0;
  const clock = { now: () => now };
  return {
    buckets: new TokenBuckets({ burst: 4, perSecond: 2, remembered: 10 }, clock),
    later: (ms: number) => (now += ms),
  };
}

test('a burst passes at once, and then the rate per second', () => {
  const { buckets: rate, later } = buckets();
  expect([1, 2, 3, 4].map(() => rate.take('a'))).toEqual([0, 0, 0, 0]);
  expect(rate.take('a')).toBe(500);
  later(500);
  expect([rate.take('a'), rate.take('a')]).toEqual([0, 500]);
});

test('keys have buckets of their own, and none holds more than a burst', () => {
  const { buckets: rate, later } = buckets();
  rate.take('a', 4);
  expect(rate.take('b')).toBe(0);
  later(60_000);
  expect([rate.take('a', 4), rate.take('a')]).toEqual([0, 500]);
});

test('a request for more than a whole bucket takes a whole one', () => {
  const { buckets: rate } = buckets();
  expect([rate.take('a', 100), rate.wait('a', 100)]).toEqual([0, 2_000]);
});

test('a clock that is set back delays nobody', () => {
  const { buckets: rate, later } = buckets();
  rate.take('a', 4);
  later(-3_600_000);
  expect(rate.take('a')).toBe(0);
});
