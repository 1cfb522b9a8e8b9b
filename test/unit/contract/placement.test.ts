import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { isPlaceable, OBSTACLES, obstacleTo, type Placeable } from '../../../contract/placement.js';
import { APPROVALS, AVAILABILITIES, LIVENESSES } from '../../../contract/states.js';

const FIT: Placeable = {
  approval: 'APPROVED',
  availability: 'ACTIVE',
  liveness: 'HEALTHY',
  warning: false,
  quarantined: false,
  copied: false,
  revoked: false,
};
const candidate: fc.Arbitrary<Placeable> = fc.record({
  approval: fc.constantFrom(...APPROVALS),
  availability: fc.constantFrom(...AVAILABILITIES),
  liveness: fc.constantFrom(...LIVENESSES),
  warning: fc.boolean(),
  quarantined: fc.boolean(),
  copied: fc.boolean(),
  revoked: fc.boolean(),
});

describe('placement', () => {
  test.prop([candidate])(
    'accepts nodes that are approved, active, healthy without warning and not copied, and no others',
    (node) => {
      expect(isPlaceable(node)).toBe(Object.entries(FIT).every(([part, fit]) => node[part as keyof Placeable] === fit));
    },
  );

  test.each<[Partial<Placeable>, string]>([
    [{ approval: 'PENDING' }, 'is not approved'],
    [{ approval: 'REJECTED', availability: 'DRAINED' }, 'is not approved'],
    [{ availability: 'DRAINING' }, 'is draining or drained'],
    [{ quarantined: true, liveness: 'UNHEALTHY' }, 'gets no new sessions while a check fails'],
    [{ revoked: true, copied: true }, 'has no credential until its agent joins with its new token'],
    [{ copied: true, liveness: 'UNKNOWN' }, 'has an identity that more than one machine uses'],
    [{ liveness: 'UNHEALTHY' }, 'is not healthy'],
    [{ warning: true }, 'misses heartbeats'],
  ])('refuses %j because it %s', (but, says) => {
    const obstacle = obstacleTo({ ...FIT, ...but });
    expect(obstacle && OBSTACLES[obstacle]).toBe(says);
  });
});
