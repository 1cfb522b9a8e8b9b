import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { formatDuration, formatSpan, MAX_DURATION_MS, parseDuration } from '../../../contract/duration.js';

describe('formatSpan', () => {
  test.each([
    [94_665_599_746, '1095d15h'],
    [183_599, '3m3s'],
    [60_999, '1m'],
    [1_999, '1s999ms'],
    [740, '740ms'],
    [0, '0'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });
});

describe('parseDuration', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['15s', 15_000],
    ['1m', 60_000],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['3650d', MAX_DURATION_MS],
  ])('parses %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    '5',
    '-1s',
    '+1s',
    '1.5h',
    '1h 30m',
    ' 1h',
    '1h\n',
    '30m1h',
    '1h1h',
    '1ms1s',
    's',
    'abc 5 m foo',
    '1M',
    '1w',
    '0x1s',
    '1e3s',
    '3651d',
    `${'9'.repeat(400)}s`,
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.prop([fc.string()])('returns a duration within bounds, or undefined', (text) => {
    const ms = parseDuration(text);
    expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_DURATION_MS)).toBe(true);
  });
});

describe('formatDuration', () => {
  test.prop([fc.integer({ min: 0, max: MAX_DURATION_MS })])('writes what parseDuration parses', (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  test.each([
    [0, '0'],
    [90_000, '1m30s'],
    [86_400_000, '1d'],
    [1_500.9, '1s500ms'],
    [0.4, '0'],
    [-1, '0'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
