import { expect, test } from '@jest/globals';
import type { Row } from '../../../bench/harness/bench.js';
import { comparison } from '../../../bench/harness/comparison.js';
import type { Result } from '../../../bench/harness/report.js';

const runOf = (...rows: Row[]) => [{ bench: 'decision', rows } as Partial<Result> as Result];
const idle = (p50: number) => runOf({ load: 'idle', decisions: 200, 'p50, ms': p50 });

test('a figure is the median of its runs with their spread, and the ratio of the medians; equal figures are left out', () => {
  const told = comparison('main~1', [idle(125), idle(131), idle(120)], [idle(50), idle(52), idle(75)]);
  expect(told.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '### decision',
    '',
    '| row | figure | main~1 | here | ratio |',
    expect.stringMatching(/^\|-/),
    '| idle | p50, ms | 125 (120 to 131) | 52 (50 to 75) | 0.42 |',
    '',
  ]);
});

test('of an even number of runs the median is between the two in the middle; figures of one side only are left out', () => {
  const told = comparison('base', [idle(10), idle(20)], [idle(30), runOf({ load: 'idle' })]);
  expect(told).toContain('| idle | p50, ms | 15 (10 to 20) | 30 (30 to 30) | 2     |');
  expect(comparison('base', [runOf({ load: 'idle' })], [idle(1)])).not.toContain('p50');
});
