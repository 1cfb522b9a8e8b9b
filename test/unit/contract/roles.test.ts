import { expect, test } from '@jest/globals';
import { mayActAs, ROLES } from '../../../contract/roles.js';

test('each role includes those before it, and nothing of those after it', () => {
  for (const [held, role] of ROLES.entries()) {
    expect(ROLES.map((needed) => mayActAs(role, needed))).toEqual(ROLES.map((_, needed) => needed <= held));
  }
});
