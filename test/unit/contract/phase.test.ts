import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { derivePhase, PHASES, type PhaseFacts } from '../../../contract/phase.js';
import { APPROVALS, AVAILABILITIES } from '../../../contract/states.js';

const facts: fc.Arbitrary<PhaseFacts> = fc.record({
  registered: fc.boolean(),
  removed: fc.boolean(),
  approval: fc.constantFrom(...APPROVALS),
  availability: fc.constantFrom(...AVAILABILITIES),
  heardSinceApproval: fc.boolean(),
});

describe('derivePhase', () => {
  test.prop([facts])('has one word for every node', (node) => {
    expect(PHASES).toContain(derivePhase(node));
  });

  test.prop([facts])('is REMOVED for a removed node, whatever else it is', (node) => {
    expect(derivePhase({ ...node, removed: true })).toBe('REMOVED');
    expect(derivePhase({ ...node, removed: false })).not.toBe('REMOVED');
  });

  test.prop([facts])('is WAITING, ACTIVE or draining only for approved nodes that have joined', (node) => {
    const phase = derivePhase(node);
    if (['WAITING', 'ACTIVE', 'DRAINING', 'DRAINED'].includes(phase))
      expect(node).toMatchObject({ registered: true, approval: 'APPROVED' });
  });

  test.prop([facts])('is ACTIVE only once the node was heard after its approval', (node) => {
    if (derivePhase(node) === 'ACTIVE')
      expect(node).toMatchObject({ availability: 'ACTIVE', heardSinceApproval: true });
  });

  test.each<[Partial<PhaseFacts>, string]>([
    [{ registered: false }, 'REGISTERED'],
    [{ registered: false, approval: 'REJECTED' }, 'REJECTED'],
    [{ approval: 'PENDING' }, 'PENDING'],
    [{ approval: 'REJECTED' }, 'REJECTED'],
    [{ heardSinceApproval: false }, 'WAITING'],
    [{}, 'ACTIVE'],
    [{ availability: 'DRAINING' }, 'DRAINING'],
    [{ availability: 'DRAINED', heardSinceApproval: false }, 'DRAINED'],
  ])('of %j is %s', (but, phase) => {
    expect(
      derivePhase({
        registered: true,
        removed: false,
        approval: 'APPROVED',
        availability: 'ACTIVE',
        heardSinceApproval: true,
        ...but,
      }),
    ).toBe(phase);
  });
});
