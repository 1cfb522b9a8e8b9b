import { describe, expect, test } from '@jest/globals';
import { leastGapMs, parseCron } from '../../../contract/cron.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('a cron expression', () => {
  test.each([
    ['5 4 3 2 1', { minutes: [5], hours: [4], days: [3], months: [2], weekdays: [1] }],
    [
      '0,30 1-3 */10 jan-MAR/2 SUN',
      { minutes: [0, 30], hours: [1, 2, 3], days: [1, 11, 21, 31], months: [1, 3], weekdays: [0] },
    ],
    [' 0  0 1 12  5-7 ', { minutes: [0], hours: [0], days: [1], months: [12], weekdays: [0, 5, 6] }],
  ])('%s has the right times', (text, times) => {
    expect(parseCron(text)).toEqual(times);
  });

  test.each([
    ['0 2 * *', 'has not five fields: minute, hour, day of the month, month, day of the week'],
    ['@daily', 'has not five fields: minute, hour, day of the month, month, day of the week'],
    ['60 2 * * *', 'has no minute in “60”'],
    ['0 24 * * *', 'has no hour in “24”'],
    ['0 2 0 * *', 'has no day of the month in “0”'],
    ['0 2 * 5-3 *', 'has no month in “5-3”'],
    ['0 2 * * FOO', 'has no day of the week in “FOO”'],
    ['5/2 2 * * *', 'has no minute in “5/2”'],
    ['*/0 2 * * *', 'has no minute in “*/0”'],
    ['0 2 L * *', 'has no day of the month in “L”'],
    ['0, 2 * * *', 'has no minute in “0,”'],
  ])('%s is refused with a sentence', (text, says) => {
    expect(parseCron(text)).toBe(says);
  });

  const gap = (text: string) => leastGapMs(parseCron(text) as Exclude<ReturnType<typeof parseCron>, string>);
  test.each([
    ['* * * * *', MINUTE],
    ['0,50 * * * *', 10 * MINUTE],
    ['0 2 * * *', DAY],
    ['0 22,2 * * *', 4 * 60 * MINUTE],
    ['0 22,2 * * SAT', 20 * 60 * MINUTE],
    ['0 2 1 * *', 28 * DAY],
    ['0 2 1-7 * SAT', 28 * DAY],
    ['0 0 29 2 *', 4 * 365 * DAY + DAY],
  ])('%s has this minimum time between two of its times', (text, ms) => {
    expect(gap(text)).toBe(ms);
  });

  test('may have no times at all', () => {
    expect(gap('0 0 30 2 *')).toBeUndefined();
  });
});
