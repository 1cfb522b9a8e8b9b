import { expect, test } from '@jest/globals';
import { mayActAs, ROLES } from '../../../contract/roles.js';

test('each role may do all that the ones before it may, and nothing that is kept for the ones after it', () => {
  for (const [held, role] of ROLES.entries()) {
    expect(ROLES.map((needed) => mayActAs(role, needed))).toEqual(ROLES.map((_, needed) => needed <= held));
  }
});
