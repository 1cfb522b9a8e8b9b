import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { decide, firstDecision, type Decision } from '../../../contract/decision.js';
import { FITNESSES, type NodeCondition } from '../../../contract/fitness.js';
import {
  CONDITION_POLICIES,
  judgeFitness,
  returnsAt,
  USUAL_RULE,
  type ConditionRule,
  type Judged,
} from '../../../contract/quarantine.js';

const NOW = 1_000_000_000;
const AT = { at: NOW - 100_000, by: 'ada', reason: '' };
const approved = firstDecision({ ...AT, registered: true, approval: 'APPROVED' });
const out = (checks: string[]) => decide(approved, 'quarantine', { ...AT, origin: 'check', checks });
const DRAIN: ConditionRule = { ...USUAL_RULE, policy: 'drain' };
const rules = new Map<string, ConditionRule>([
  ['disk', DRAIN],
  ['load', { ...USUAL_RULE, policy: 'noNewSessions' }],
]);

function condition(type: string, status: NodeCondition['status'], ageMs = 0): NodeCondition {
  return { type, status, since: NOW - ageMs, reason: 'Said', message: '', by: 'built-in' };
}

function node(decision: Decision, ...conditions: NodeCondition[]): Judged {
  return { phase: decision.availability.value === 'ACTIVE' ? 'ACTIVE' : 'DRAINED', decision, conditions };
}

describe('the consequence of checks', () => {
  test('is the strongest policy of those that fail, which are all named', () => {
    const verdict = judgeFitness(node(approved, condition('load', 'UNFIT'), condition('disk', 'UNFIT')), rules, NOW);
    expect(verdict).toMatchObject({ is: 'quarantine', checks: ['load', 'disk'], rule: DRAIN });
    expect(verdict).not.toHaveProperty('noNewSessions');
  });

  test.each<[string, Judged]>([
    ['of a node that is not approved', { ...node(approved, condition('disk', 'UNFIT')), phase: 'PENDING' }],
    ['of one that a person took out', node(decide(approved, 'deactivate', AT), condition('disk', 'UNFIT'))],
    [
      'of one that took itself out',
      node(decide(approved, 'deactivate', { ...AT, origin: 'node' }), condition('disk', 'FIT', 1e7)),
    ],
    [
      'of one that is being decommissioned',
      node(decide(out(['disk']), 'decommission', AT), condition('disk', 'FIT', 1e7)),
    ],
    ['where the check cannot say', node(approved, condition('disk', 'UNKNOWN'))],
    ['of a check that nobody has a policy for', node(approved, condition('gpu', 'UNFIT'))],
    ['of a node that never told', { ...node(approved), conditions: null }],
    ['where the check is gone that took it out', node(out(['disk']))],
    ['where another check fails', node(out(['disk']), condition('disk', 'FIT', 1e7), condition('load', 'UNFIT'))],
  ])('is nothing %s', (_, judged) => {
    expect(judgeFitness(judged, rules, NOW)).toEqual({ is: 'stay' });
  });

  test('waits for ReturnAfter, and says when it is over', () => {
    const judged = node(out(['disk']), condition('disk', 'FIT', 1_000));
    const returns = NOW - 1_000 + DRAIN.returnAfterMs;
    expect(judgeFitness(judged, rules, NOW)).toEqual({ is: 'stay', againAt: returns });
    expect(returnsAt(judged, rules)).toBe(returns);
    expect(judgeFitness(judged, rules, returns)).toMatchObject({ is: 'release', checks: ['disk'] });
  });

  test('is judged again when a draining check counts, although another one keeps sessions away', () => {
    const kept = decide(approved, 'quarantine', { ...AT, origin: 'check', checks: ['load'], noNewSessions: true });
    const patient = new Map([...rules, ['disk', { ...DRAIN, forMs: 60_000 }]]);
    const judged = node(kept, condition('load', 'UNFIT'), condition('disk', 'UNFIT', 1_000));
    expect(judgeFitness(judged, patient, NOW)).toEqual({ is: 'stay', againAt: NOW + 59_000 });
    expect(judgeFitness(judged, patient, NOW + 59_000)).toMatchObject({ is: 'quarantine', checks: ['load', 'disk'] });
  });

  test('ignores a check that failed when a person activated the node, until it has failed anew', () => {
    const despite = decide(out(['disk']), 'activate', { ...AT, despite: ['disk'] });
    expect(judgeFitness(node(despite, condition('disk', 'UNFIT', 200_000)), rules, NOW)).toEqual({ is: 'stay' });
    expect(judgeFitness(node(despite, condition('disk', 'UNFIT', 50_000)), rules, NOW).is).toBe('quarantine');
    expect(judgeFitness(node(despite, condition('load', 'UNFIT', 200_000)), rules, NOW).is).toBe('quarantine');
  });

  const conditions = fc.uniqueArray(
    fc.record({
      type: fc.constantFrom('disk', 'load', 'gpu', 'net'),
      status: fc.constantFrom(...FITNESSES),
      since: fc.integer({ min: NOW - 1_000_000, max: NOW }),
      reason: fc.constant('Said'),
      message: fc.constant(''),
      by: fc.constant('built-in'),
    }),
    { selector: ({ type }) => type },
  );
  const someRules = fc
    .array(
      fc.tuple(
        fc.constantFrom('disk', 'load', 'gpu', 'net'),
        fc.record({
          policy: fc.constantFrom(...CONDITION_POLICIES),
          onDeadline: fc.constant('wait' as const),
          forMs: fc.integer({ min: 0, max: 600_000 }),
          returnAfterMs: fc.integer({ min: 0, max: 600_000 }),
        }),
      ),
    )
    .map((entries) => new Map(entries));

  test.prop([conditions, someRules])('settles: what was decided is neither decided again nor undone', (told, given) => {
    let decision = approved;
    let decisions = 0;
    for (; decisions < 5; decisions += 1) {
      const verdict = judgeFitness(node(decision, ...told), given, NOW);
      if (verdict.is === 'stay') {
        if (verdict.againAt !== undefined) expect(verdict.againAt).toBeGreaterThan(NOW);
        break;
      }
      decision = decide(decision, verdict.is, { ...AT, at: NOW, origin: 'check', ...verdict });
    }
    expect(decisions).toBeLessThan(2);
  });
});
