import { describe, expect, test } from '@jest/globals';
import { MEASURE_KEYS } from '../../../contract/measures.js';
import type { HistoryPoint } from '../../../src/history/history-store.js';
import { plotDelayMs } from '../../../src/history/plot-delay.js';
import { WaitingPoints } from '../../../src/history/waiting-points.js';
import { aPoint } from './a-point.js';

const point = (uid: string, at: number) => aPoint(at, { uid });
const named = (points: readonly HistoryPoint[]) => points.map(({ uid, at }) => `${uid}${at}`);

describe('pending points', () => {
  test('are taken node by node, once the first of a node has waited for long enough', () => {
    const waiting = new WaitingPoints<HistoryPoint>(['at', ...MEASURE_KEYS], 100);
    for (const [uid, at] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['c', 4],
      ['b', 5],
      ['a', 6],
    ] as const)
      waiting.add(point(uid, at), at);
    expect(waiting.take(0, 100)).toEqual([]);
    expect(named(waiting.take(2, 100))).toEqual(['a1', 'a3', 'a6', 'b2', 'b5']);
    expect(waiting.size).toBe(1);
    waiting.add(point('a', 7), 7);
    expect(waiting.take(Number.POSITIVE_INFINITY, 100)).toEqual([point('c', 4), point('a', 7)]);
    expect(waiting.size).toBe(0);
  });

  test('are taken until there are enough, those of a node together', () => {
    const waiting = new WaitingPoints<HistoryPoint>(['at', ...MEASURE_KEYS], 100);
    for (const at of [1, 2, 3]) for (const uid of ['a', 'b', 'c']) waiting.add(point(uid, at), at);
    expect(named(waiting.take(9, 4))).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    expect(named(waiting.take(9, 4))).toEqual(['c1', 'c2', 'c3']);
  });

  test('are bounded in number', () => {
    const waiting = new WaitingPoints<HistoryPoint>(['at', ...MEASURE_KEYS], 2);
    for (const at of [1, 2, 3]) waiting.add(point('a', at), at);
    expect(named(waiting.take(9, 100))).toEqual(['a1', 'a2']);
    waiting.add(point('a', 4), 4);
    expect(waiting.size).toBe(1);
  });
});

test.each([
  [0, 0],
  [4_500, 0],
  [5_000, 22_500],
  [10_000, 37_500],
  [20_000, 52_500],
  [1_000_000, 52_500],
])('plots of %i nodes that beat every 15 s wait for %i ms', (nodes, delayMs) => {
  expect(plotDelayMs(nodes, 15_000)).toBe(delayMs);
});
