import { describe, expect, test } from '@jest/globals';
import { isMassSilence, isOver } from '../../../contract/mass-silence.js';

const RULE = { share: 0.5, atLeast: 10 };

describe('a mass silence', () => {
  test.each([
    [{ silent: 11, beating: 20 }, true],
    // Not more than the share.
    [{ silent: 10, beating: 20 }, false],
    // Fewer than the minimum.
    [{ silent: 9, beating: 9 }, false],
  ])('%j: %s', (silence, is) => {
    expect(isMassSilence(silence, RULE)).toBe(is);
  });

  test('is disabled if the share is all of them', () => {
    expect(isMassSilence({ silent: 50, beating: 50 }, { share: 1, atLeast: 1 })).toBe(false);
  });

  test.each([
    // Half of them are heard again, and the rest would be no mass silence.
    [{ silent: 10, beating: 40 }, 20, true],
    [{ silent: 11, beating: 40 }, 20, false],
    // Half of them are heard again, and the rest would be one.
    [{ silent: 30, beating: 40 }, 60, false],
  ])('is over at %j of %i: %s', (now, most, over) => {
    expect(isOver(now, most, RULE)).toBe(over);
  });
});
