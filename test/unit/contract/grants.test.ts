import { describe, expect, test } from '@jest/globals';
import {
  grantText,
  isWithin,
  mayActAs,
  parseGrant,
  powersOf,
  powersText,
  ROLES,
  scopesFor,
} from '../../../contract/grants.js';

const GPU = { role: 'operator', scope: ['pool=gpu'] } as const;

test('each role includes those before it, and nothing of those after it', () => {
  for (const [held, role] of ROLES.entries()) {
    expect(ROLES.map((needed) => mayActAs(role, needed))).toEqual(ROLES.map((_, needed) => needed <= held));
  }
});

describe('a grant', () => {
  test.each([
    ['operator', { role: 'operator' }],
    ['operator on pool=gpu', { role: 'operator', scope: ['pool=gpu'] }],
    [' admin  on  pool=gpu , zone ', { role: 'admin', scope: ['pool=gpu', 'zone'] }],
    ['operator on on=on', { role: 'operator', scope: ['on=on'] }],
  ])('is parsed from %j', (text, grant) => {
    expect(parseGrant(text)).toEqual(grant);
    expect(parseGrant(grantText(grant as never))).toEqual(grant);
  });

  test.each([
    ['', /^it must be viewer, operator or admin/],
    ['king', /^it must be viewer, operator or admin/],
    ['operator pool=gpu', /^it must be/],
    ['operator on', /^it must be/],
    ['operator on pool=gpu,', /^"" asks for no label/],
    ['operator on pool=gpu zone=a', /^"pool=gpu zone=a" asks for no label/],
    ['operator on !pool', /^"!pool" asks for no label/],
    ['viewer on pool=gpu', /^a viewer sees everything/],
    [
      `admin on ${Array.from({ length: 17 }, (_, index) => `l${index}`).join(',')}`,
      /^a scope asks for at most 16 labels/,
    ],
  ])('%j is refused, with the reason', (text, sentence) => {
    expect(parseGrant(text)).toMatch(sentence);
  });
});

describe('several grants together', () => {
  test('are the highest unscoped role, and the scoped roles above it', () => {
    const viewer = { role: 'viewer' } as const;
    const cpu = { role: 'admin', scope: ['pool=cpu'] } as const;
    const held = [viewer, GPU, cpu].map((grant) => ({ ...grant }) as never);
    expect(powersOf(held)).toEqual({ role: 'viewer', grants: [GPU, cpu] });
    expect(powersOf([GPU, { role: 'operator' }].map((grant) => ({ ...grant }) as never))).toEqual({
      role: 'operator',
      grants: [],
    });
    expect(powersOf([{ ...GPU } as never])).toEqual({ role: 'viewer', grants: [GPU] });
    expect(powersOf([])).toBeUndefined();
  });

  test('allow what any of them allows', () => {
    const powers = {
      role: 'viewer',
      grants: [
        { ...GPU, scope: ['pool=gpu'] },
        { role: 'admin', scope: ['zone'] },
      ],
    } as const;
    const mutable = structuredClone(powers) as never;
    expect(scopesFor(mutable, 'viewer')).toBeUndefined();
    expect(scopesFor(mutable, 'operator')).toEqual([['pool=gpu'], ['zone']]);
    expect(scopesFor(mutable, 'admin')).toEqual([['zone']]);
    expect(powersText(mutable)).toBe('viewer, operator on pool=gpu, admin on zone');
    expect(scopesFor({ role: 'viewer', grants: [] }, 'operator')).toEqual([]);
  });
});

describe('a node is within a scope', () => {
  test.each([
    [[['pool=gpu']], { pool: 'gpu', zone: 'a' }, true],
    [[['pool=gpu', 'zone=b']], { pool: 'gpu', zone: 'a' }, false],
    [[['pool=gpu', 'zone=b'], ['zone=a']], { pool: 'gpu', zone: 'a' }, true],
    [[['zone']], { zone: '' }, true],
    [[['zone=']], { zone: 'a' }, false],
    [[['pool=gpu']], {}, false],
    [[['toString']], {}, false],
    [[[]], { pool: 'gpu' }, false],
    [[], { pool: 'gpu' }, false],
    [undefined, {}, true],
  ])('%j, %j: %s', (scopes, labels, within) => {
    expect(isWithin(scopes, labels as Record<string, string>)).toBe(within);
  });
});
