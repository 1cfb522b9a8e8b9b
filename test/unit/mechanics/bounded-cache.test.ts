import { expect, test } from '@jest/globals';
import { BoundedCache } from '../../../src/mechanics/bounded-cache.js';

test('the least recently used entry is evicted first', () => {
  const cache = new BoundedCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
});

test('useless entries do not accumulate, however many are added; useful ones stay', () => {
  let now = 0;
  const cache = new BoundedCache<number, number>(1_000_000, (until) => until <= now);
  cache.set(-1, Infinity);
  let most = 0;
  for (; now < 100_000; now += 1) {
    cache.set(now, now + 100);
    most = Math.max(most, cache.size);
  }
  expect(most).toBeLessThanOrEqual(1_000);
  expect([cache.get(-1), cache.get(99_999)]).toEqual([Infinity, 100_099]);
});

test('all useful entries are kept, up to the capacity', () => {
  const cache = new BoundedCache<number, true>(5_000, () => false);
  for (let key = 0; key < 10_000; key += 1) cache.set(key, true);
  expect([cache.size, cache.get(4_999), cache.get(5_000)]).toEqual([5_000, undefined, true]);
});
