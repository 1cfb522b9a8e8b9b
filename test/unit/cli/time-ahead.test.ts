import { describe, expect, test } from '@jest/globals';
import { timeAhead, timeOf } from '../../../cli/arguments/time-ahead.js';

describe('a future time', () => {
  test.each([
    ['2027-01-31T22:00Z', '2027-01-31T22:00:00.000Z'],
    ['2027-01-31 22:00:30Z', '2027-01-31T22:00:30.000Z'],
    ['2027-01-31T22:00+01:00', '2027-01-31T21:00:00.000Z'],
    ['2027-01-31 22:00 Europe/Berlin', '2027-01-31T21:00:00.000Z'],
    ['2027-07-31T22:00[Europe/Berlin]', '2027-07-31T20:00:00.000Z'],
    ['2027-07-31 22:00 UTC', '2027-07-31T22:00:00.000Z'],
    ['2027-01-31 22:00 America/Argentina/Buenos_Aires', '2027-02-01T01:00:00.000Z'],
    ['2027-01-31 22:00 Pacific/Kiritimati', '2027-01-31T08:00:00.000Z'],
    // Clocks show this time twice; the first counts.
    ['2027-10-31 02:30 Europe/Berlin', '2027-10-31T00:30:00.000Z'],
    ['2h', '1970-01-01T02:00:01.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(timeOf(timeAhead(text), 1_000)).toBe(moment);
  });

  test.each([
    ['2027-01-31T22:00', /lacks its time zone/],
    ['2027-03-28 02:30 Europe/Berlin', /skip this time/],
    ['2027-01-31 22:00 Europe/Nowhere', /no time zone Europe\/Nowhere/],
    ['2027-02-31T22:00Z', /Write it as/],
    ['2027-01-31T25:00Z', /Write it as/],
    ['2027-01-31T22:00Z Europe/Berlin', /Write it as/],
    ['tomorrow', /Write it as/],
    ['2027-01-31', /Write it as/],
    ['', /Write it as/],
  ])('%s is refused', (text, why) => {
    expect(() => timeAhead(text)).toThrow(why);
  });
});
