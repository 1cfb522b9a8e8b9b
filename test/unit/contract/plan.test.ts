import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { decide, DECISION_ACTIONS, firstDecision, type Decision } from '../../../contract/decision.js';
import { renumbered } from '../../../contract/decision-history.js';
import { judgePlan, MOST_AHEAD_MS, nextOfPlan, whyNotThen } from '../../../contract/plan.js';
import { whyNot, type Subject } from '../../../contract/transitions.js';

const NOW = 1_000_000;
const AT = { at: NOW, by: 'ada', reason: 'new disks' };
const approved = firstDecision({ at: 0, by: 'system', reason: '', registered: true, approval: 'APPROVED' });
const planned = decide(approved, 'plan', { ...AT, plannedAt: NOW + 100, until: NOW + 200, patienceMs: 50 });

describe('a plan', () => {
  test.each([
    ['nothing of a node of which nothing was said', approved, 0, { is: 'stay' }],
    ['nothing before its moment', planned, NOW + 99, { is: 'stay', againAt: NOW + 100 }],
    ['a beginning at its moment', planned, NOW + 100, { is: 'begin' }],
    ['nothing more where its end came first', planned, NOW + 200, { is: 'lapse' }],
    ['an end', decide(approved, 'deactivate', { ...AT, until: NOW + 10 }), NOW + 10, { is: 'end' }],
    ['no end of a drain that named none', decide(approved, 'deactivate', AT), NOW + 10, { is: 'stay' }],
    ['nothing of a node that leaves', decide(planned, 'decommission', AT), NOW + 100, { is: 'stay' }],
    ['nothing of a rejected node', decide(planned, 'reject', AT), NOW + 100, { is: 'stay' }],
  ] as const)('is %s', (_, decision, now, verdict) => {
    expect(judgePlan(decision, now)).toEqual(verdict);
  });

  test("begins with its deadline and its end, in its author's name", () => {
    expect(decide(planned, 'begin', { at: NOW + 105, by: 'ada', reason: '' })).toMatchObject({
      seq: 3,
      availability: { value: 'DRAINED', by: 'ada', reason: 'new disks', deadline: NOW + 155, until: NOW + 200, seq: 3 },
    });
    expect(decide(planned, 'begin', AT).planned).toBeUndefined();
  });

  test.prop([fc.array(fc.constantFrom(...DECISION_ACTIONS), { maxLength: 12 }), fc.nat(300)])(
    'settles: whatever was decided, at most three decisions follow from it at any time',
    (actions, later) => {
      let decision = actions.reduce<Decision>(
        (before, action) => decide(before, action, { ...AT, plannedAt: NOW + 100, until: NOW + 200 }),
        approved,
      );
      for (let turn = 0; turn < 3; turn += 1) {
        const verdict = judgePlan(decision, NOW + later);
        if (verdict.is !== 'stay') decision = decide(decision, verdict.is, { ...AT, at: NOW + later });
      }
      const verdict = judgePlan(decision, NOW + later);
      expect(verdict.is).toBe('stay');
      expect(nextOfPlan(decision, NOW + later) ?? Infinity).toBeGreaterThan(NOW + later);
    },
  );

  test.prop([fc.constantFrom('quarantine', 'release', 'register', 'end')])('is left alone by %s', (action) => {
    expect(decide(planned, action, AT).planned).toEqual(planned.planned);
  });

  test('is not changed by the node itself, or by checks', () => {
    expect(decide(planned, 'deactivate', { ...AT, origin: 'node' }).planned).toBeDefined();
    expect(decide(planned, 'activate', { ...AT, keepsPlan: true }).planned).toBeDefined();
  });

  test('is renumbered above both if record and workflow were apart', () => {
    expect(renumbered(planned, { ...approved, seq: 9 }).planned?.seq).toBe(10);
  });
});

describe('another end of a drain', () => {
  const out = decide(approved, 'deactivate', { ...AT, until: NOW + 10, deadline: NOW + 5 });

  test('keeps the drain, in the name of its author', () => {
    const { availability } = decide(out, 'deactivate', { at: NOW + 1, by: 'bo', reason: '', until: NOW + 50 });
    expect(availability).toEqual({ ...out.availability, by: 'bo', until: NOW + 50 });
  });

  test('is removed by a later deactivate without one', () => {
    const { availability } = decide(out, 'deactivate', { ...AT, by: 'bo' });
    expect(availability.until).toBeUndefined();
    expect(availability.seq).toBe(out.availability.seq);
  });

  test('with another deadline is another drain', () => {
    expect(decide(out, 'deactivate', { ...AT, until: NOW + 50, deadline: NOW + 9 }).availability.seq).toBe(3);
  });
});

describe('a deactivate with times', () => {
  test.each([
    [{ at: NOW }, 'at', 'at has passed'],
    [{ until: NOW - 1 }, 'until', 'until has passed'],
    [{ at: NOW + 5, until: NOW + 5 }, 'until', 'until is not after at'],
    [{ at: NOW + MOST_AHEAD_MS + 1 }, 'at', 'at is more than a year ahead'],
    [{ until: NOW + MOST_AHEAD_MS + 1 }, 'until', 'until is more than a year ahead'],
  ])('%j is refused because of its %s', (when, field, detail) => {
    expect(whyNotThen(when, NOW)).toMatchObject({ code: 'VALIDATION_FAILED', field, detail });
  });

  test.each([{}, { at: NOW + 1 }, { until: NOW + 1 }, { at: NOW + 1, until: NOW + MOST_AHEAD_MS }])(
    '%j is accepted',
    (when) => {
      expect(whyNotThen(when, NOW)).toBeUndefined();
    },
  );

  const out = (ruling: Subject['ruling'], more: Partial<Subject> = {}): Subject => ({
    ...{ id: 'node-1', type: 'Compute', phase: 'DRAINED', liveness: 'HEALTHY', activeSessions: 0 },
    ...(ruling && { ruling }),
    ...more,
  });
  const mine = { value: 'DRAINED', until: NOW + 10 } as const;

  test.each([
    ['another end', mine, { until: NOW + 50 }, undefined],
    ['no end any more', mine, {}, undefined],
    ['an end where there was none', { value: 'DRAINED' }, { until: NOW + 50 }, undefined],
    ['the same where there was none', { value: 'DRAINED' }, {}, 'NODE_DRAINED'],
    ['a beginning after its end', mine, { at: NOW + 10 }, undefined],
    ['a beginning before its end', mine, { at: NOW + 9 }, 'NODE_DRAINED'],
    ['a beginning where there is no end', { value: 'DRAINED' }, { at: NOW + 9 }, 'NODE_DRAINED'],
    ['anything by whoever passes', mine, { until: NOW + 50, keepsPlan: true }, 'NODE_DRAINED'],
    ['another end by a set', mine, { until: NOW + 50, isTurn: true }, 'NODE_DRAINED'],
    ['no end by a set', mine, { isTurn: true }, 'NODE_DRAINED'],
    [
      'an end by a set where a person named none',
      { value: 'DRAINED' },
      { until: NOW + 50, isTurn: true },
      'NODE_DRAINED',
    ],
    ['a set over what a check did', { value: 'DRAINED', origin: 'check' }, { until: NOW + 9, isTurn: true }, undefined],
    ['anything by the node itself', mine, { until: NOW + 50, origin: 'node' }, 'NODE_DRAINED'],
    ['a plan over what a check did', { value: 'DRAINED', origin: 'check' }, { at: NOW + 9 }, undefined],
  ] as const)('for a node that is out: %s', (_, ruling, options, code) => {
    expect(whyNot('deactivate', out(ruling), options)?.code).toBe(code);
  });

  test('changes nothing about a node that is leaving', () => {
    expect(whyNot('deactivate', out(mine, { leaves: true }), { until: NOW + 50 })?.code).toBe('NODE_DRAINED');
  });

  test('is cancelled by activating the node, which works until then', () => {
    const works = out(undefined, { phase: 'ACTIVE' });
    expect(whyNot('activate', works)?.code).toBe('NODE_ALREADY_ACTIVE');
    expect(whyNot('activate', { ...works, planned: true })).toBeUndefined();
    expect(whyNot('activate', { ...works, planned: true }, { origin: 'node' })?.code).toBe('NODE_ALREADY_ACTIVE');
  });
});
