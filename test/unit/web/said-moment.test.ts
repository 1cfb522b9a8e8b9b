import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { saidMoment, whyNoMoment } from '../../../web/src/dialogs/said-moment.js';

const FILE = join(import.meta.dirname, '../../../web/src/dialogs/said-moment.ts');

/** In a process of its own, since a process cannot change its zone. */
function saidIn(TZ: string, text: string): string {
  const program = `const { saidMoment } = await import(${JSON.stringify(FILE)}); console.log(saidMoment(${JSON.stringify(text)}, true));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { TZ },
    encoding: 'utf8',
  }).trim();
}

test('an empty field has no time, and one with only a date is not mistaken for an empty one', () => {
  expect(saidMoment('', true)).toBeUndefined();
  expect(whyNoMoment(saidMoment('', true))).toBeUndefined();
  expect(whyNoMoment(saidMoment('', false))).toBe('Enter both a date and a time.');
});

test.each([
  ['Europe/Berlin', '2027-01-31T22:00', '2027-01-31T21:00:00.000Z'],
  ['Europe/Berlin', '2027-07-31T22:00:30', '2027-07-31T20:00:30.000Z'],
  ['Asia/Kathmandu', '2027-01-31T22:00', '2027-01-31T16:15:00.000Z'],
  ['Europe/Berlin', '2027-03-28T02:30', 'skipped'],
  ['Europe/Berlin', '2027-03-28T03:00', '2027-03-28T01:00:00.000Z'],
])('clocks in %s that show %s mean %s', (zone, text, moment) => {
  expect(saidIn(zone, text)).toBe(moment);
});

test('a time that clocks skip is refused with a sentence', () => {
  expect(whyNoMoment('skipped')).toBe('Clocks skip that time here: choose another.');
});
