import { describe, expect, test } from '@jest/globals';
import { NO_OTHERS, tellOthers } from '../../../contract/drain-set.js';

describe('other unavailable nodes', () => {
  const named = [
    { name: 'node-3', why: 'UNKNOWN' },
    { name: 'node-7', why: 'REJECTED by ada' },
  ];

  test.each([
    [NO_OTHERS, ''],
    [{ count: 2, named }, 'node-3 (UNKNOWN), node-7 (REJECTED by ada)'],
    [{ count: 4, named }, 'node-3 (UNKNOWN), node-7 (REJECTED by ada) and 2 more'],
  ])('are listed: %j', (others, told) => {
    expect(tellOthers(others)).toBe(told);
  });
});
