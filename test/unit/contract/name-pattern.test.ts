import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { matchesNamePattern, NAME_PATTERN_SYNTAX } from '../../../contract/name-pattern.js';

/** The same by a regular expression, which is safe for generated patterns. */
const byRegExp = (pattern: string, name: string) =>
  new RegExp(
    `^${pattern
      .split(/\*+/)
      .map((part) => part.replaceAll('.', '\\.'))
      .join('.*')}$`,
  ).test(name);
const letters = fc
  .array(fc.constantFrom('a', 'b', '-', '.'), { maxLength: 12 })
  .map((characters) => characters.join(''));
const pattern = fc
  .array(fc.constantFrom('a', 'b', '-', '.', '*'), { maxLength: 8 })
  .map((characters) => characters.join(''));

describe('matchesNamePattern', () => {
  test.each([
    ['node-1', 'node-1', true],
    ['node-1', 'node-10', false],
    ['node-*', 'node-10', true],
    ['node-*', 'node-', true],
    ['*', 'anything', true],
    ['*.example.org', 'gpu.example.org', true],
    ['*.example.org', 'gpu.example.com', false],
    ['gpu-*-rack*', 'gpu-1-2-rack7', true],
    ['a.c', 'abc', false],
  ])('%s matches %s: %s', (wanted, name, matches) => {
    expect(matchesNamePattern(wanted, name)).toBe(matches);
  });

  test.prop([pattern, letters], { numRuns: 2_000 })('agrees with a regular expression', (wanted, name) => {
    expect(matchesNamePattern(wanted, name)).toBe(byRegExp(wanted, name));
  });

  test('is fast for a pattern that makes regular expressions hang', () => {
    // A regular expression would never finish.
    expect(matchesNamePattern(`${'*a'.repeat(30)}b`, 'a'.repeat(63))).toBe(false);
  });
});

test.each([
  ['node-*', true],
  ['*', true],
  ['x'.repeat(63), true],
  ['', false],
  ['-node', false],
  ['Node-*', false],
  ['a?b', false],
  ['(a+)+', false],
])('a pattern may be written %j: %s', (text, allowed) => {
  expect(NAME_PATTERN_SYNTAX.test(text)).toBe(allowed);
});
