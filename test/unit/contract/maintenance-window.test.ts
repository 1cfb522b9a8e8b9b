import { expect, test } from '@jest/globals';
import { isDay, isTimeZone, openingOf, whyNoWindow, windowScheduleId } from '../../../contract/maintenance-window.js';

const HOUR = 3_600_000;

test('a window is open no longer than until its next opening, and opens some day', () => {
  expect(whyNoWindow({ cron: '0 2 * * *', durationMs: 24 * HOUR })).toBeUndefined();
  expect(whyNoWindow({ cron: '0 2 * * *', durationMs: 25 * HOUR })).toMatchObject({ field: 'duration' });
  expect(whyNoWindow({ cron: '0 2 31 4 *', durationMs: HOUR })).toMatchObject({ field: 'cron' });
  expect(whyNoWindow({ cron: 'daily', durationMs: HOUR })).toMatchObject({ field: 'cron' });
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Etc/GMT+1', true],
  ['America/Argentina/Buenos_Aires', true],
  ['America/Port-au-Prince', true],
  ['europe/berlin', false],
  ['+01:00', false],
  ['Europe/Nowhere', false],
  ['', false],
])('%s is a time zone: %s', (name, isOne) => {
  expect(isTimeZone(name)).toBe(isOne);
});

test.each([
  ['2026-12-24', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2026-13-01', false],
  ['24.12.2026', false],
  ['2026-12-24T00:00Z', false],
])('%s is a day: %s', (text, isOne) => {
  expect(isDay(text)).toBe(isOne);
});

test("the id of an opening contains the window's name and the nominal time", () => {
  const id = `${windowScheduleId('a-1')}-2026-12-05T02:00:00Z`;
  expect(openingOf(id)).toEqual({ name: 'a-1', at: Date.parse('2026-12-05T02:00:00Z') });
  expect(openingOf(windowScheduleId('a-1'))).toBeUndefined();
});
