import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import {
  availabilityOf,
  decide,
  DECISION_ACTIONS,
  firstDecision,
  ON_DEADLINE,
  type Decision,
  type DecisionContext,
} from '../../../contract/decision.js';

const context: fc.Arbitrary<DecisionContext> = fc.record(
  {
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    by: fc.string({ minLength: 1 }),
    reason: fc.string(),
    deadline: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    onDeadline: fc.constantFrom(...ON_DEADLINE),
  },
  { requiredKeys: ['at', 'by', 'reason'] },
);
const steps = fc.array(fc.tuple(fc.constantFrom(...DECISION_ACTIONS), context), { maxLength: 30 });
const first: fc.Arbitrary<Decision> = fc
  .record({ registered: fc.boolean(), approval: fc.constantFrom('PENDING' as const, 'APPROVED' as const) })
  .map((slot) => firstDecision({ at: 0, by: 'system', reason: '', ...slot }));

const AT: DecisionContext = { at: 5, by: 'ada', reason: 'because' };
const approved = firstDecision({ at: 0, by: 'system', reason: '', registered: true, approval: 'APPROVED' });

describe('decide', () => {
  test.prop([first, steps])(
    'makes each decision one later than the previous, and no part of it later than the whole',
    (start, taken) => {
      let decision = start;
      for (const [action, given] of taken) {
        const next = decide(decision, action, given);
        expect(next).toMatchObject({ seq: decision.seq + 1, action });
        for (const part of [next.approval, next.availability, ...(next.removal ? [next.removal] : [])]) {
          expect(part.seq).toBeLessThanOrEqual(next.seq);
        }
        decision = next;
      }
    },
  );

  test.prop([first, steps])('does not change the previous decision', (start, taken) => {
    const before = structuredClone(start);
    for (const [action, given] of taken) decide(start, action, given);
    expect(start).toEqual(before);
  });

  test.prop([first, steps])('returns plain data, which survives a store and a signal', (start, taken) => {
    const decision = taken.reduce((previous, [action, given]) => decide(previous, action, given), start);
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
  });

  test('activate approves a pending node, and keeps an existing approval', () => {
    const pending = firstDecision({ at: 0, by: 'system', reason: '', registered: true, approval: 'PENDING' });
    expect(decide(pending, 'activate', AT).approval).toEqual({
      value: 'APPROVED',
      seq: 2,
      since: 5,
      by: 'ada',
      reason: 'because',
    });
    expect(decide(approved, 'activate', AT).approval).toEqual(approved.approval);
  });

  test.each(['approve', 'reject', 'activate'] as const)('%s cancels drain and decommission', (action) => {
    const leaving = decide(approved, 'decommission', { ...AT, deadline: 9 });
    const decision = decide(leaving, action, AT);
    expect(decision).not.toHaveProperty('removal');
    expect(decision.availability).toEqual({
      value: 'ACTIVE',
      onDeadline: 'wait',
      seq: 3,
      since: 5,
      by: 'ada',
      reason: 'because',
    });
  });

  test('deactivate sets its deadline and what follows it; without one it waits', () => {
    expect(decide(approved, 'deactivate', { ...AT, deadline: 9, onDeadline: 'terminate' }).availability).toMatchObject({
      value: 'DRAINED',
      deadline: 9,
      onDeadline: 'terminate',
    });
    const patient = decide(approved, 'deactivate', AT).availability;
    expect(patient).toMatchObject({ value: 'DRAINED', onDeadline: 'wait' });
    expect(patient).not.toHaveProperty('deadline');
  });

  test('decommission keeps a running drain, unless it has a deadline of its own', () => {
    const draining = decide(approved, 'deactivate', { ...AT, deadline: 9 });
    expect(decide(draining, 'decommission', AT).availability).toEqual(draining.availability);
    expect(decide(draining, 'decommission', { ...AT, deadline: 7 }).availability).toMatchObject({
      seq: 3,
      deadline: 7,
    });
    expect(decide(draining, 'decommission', { ...AT, onDeadline: 'terminate' }).availability).toMatchObject({
      seq: 3,
      onDeadline: 'terminate',
    });
  });

  test('a ruling has the node or a check as its origin; a decommission takes it over', () => {
    const out = decide(approved, 'deactivate', { ...AT, deadline: 9, origin: 'check' });
    expect(out.availability).toMatchObject({ value: 'DRAINED', origin: 'check' });
    expect(decide(out, 'activate', { ...AT, origin: 'check' }).availability).toMatchObject({ origin: 'check' });
    expect(decide(out, 'activate', AT).availability).not.toHaveProperty('origin');
    const leaving = decide(out, 'decommission', AT).availability;
    expect(leaving).toMatchObject({ value: 'DRAINED', seq: 2, deadline: 9 });
    expect(leaving).not.toHaveProperty('origin');
  });

  test.each([
    ['a drain', { deadline: 9, onDeadline: 'terminate' as const }, { value: 'DRAINED', deadline: 9 }],
    ['keeping sessions away', { noNewSessions: true as const }, { value: 'ACTIVE', noNewSessions: true }],
  ])('a node that takes itself out of a quarantine comes back to it: %s', (_, how, ruled) => {
    const check: DecisionContext = { at: 5, by: 'check:disk', reason: 'disk: full', origin: 'check', checks: ['disk'] };
    const node: DecisionContext = { at: 7, by: 'agent:a', reason: 'it stops', origin: 'node' };
    const unfit = decide(approved, 'quarantine', { ...check, ...how });
    const out = decide(unfit, 'deactivate', { ...node, deadline: 60 });
    expect(out.availability).toMatchObject({ value: 'DRAINED', origin: 'node', by: 'agent:a', deadline: 60 });
    expect(out.availability).not.toHaveProperty('checks');
    // It may be given less time than it had said.
    const sooner = decide(out, 'deactivate', { ...node, deadline: 30 });
    const back = decide(sooner, 'activate', { ...node, at: 8, reason: 'it is back' }).availability;
    expect(back).toMatchObject({ ...ruled, by: 'check:disk', reason: 'disk: full', checks: ['disk'], origin: 'check' });
    expect(back).toMatchObject({ seq: 5, since: 8 });
    expect(back).not.toHaveProperty('beneath');
    // A person's decision ends the quarantine beneath.
    for (const action of ['activate', 'deactivate', 'decommission'] as const)
      expect(decide(out, action, AT).availability).not.toHaveProperty('beneath');
    expect(decide(decide(approved, 'deactivate', node), 'activate', node).availability).toMatchObject({
      value: 'ACTIVE',
    });
  });

  test('remove asks for the end now, decommission for the end after the drain', () => {
    expect(decide(approved, 'remove', AT).removal).toEqual({
      when: 'now',
      seq: 2,
      since: 5,
      by: 'ada',
      reason: 'because',
    });
    expect(decide(approved, 'decommission', AT).removal).toMatchObject({ when: 'drained' });
  });

  test('register records that the agent has joined, and changes nothing that administrators decide', () => {
    const slot = firstDecision({ at: 0, by: 'ada', reason: '', registered: false, approval: 'PENDING' });
    expect(decide(slot, 'register', AT)).toEqual({ ...slot, seq: 2, action: 'register', registered: true });
  });
});

describe('availabilityOf', () => {
  test('is DRAINING until the drain of this very ruling is reported as done', () => {
    const { availability } = decide(approved, 'deactivate', AT);
    expect([0, 1, 2, 3].map((drainedSeq) => availabilityOf(availability, drainedSeq))).toEqual([
      'DRAINING',
      'DRAINING',
      'DRAINED',
      'DRAINED',
    ]);
    expect(availabilityOf(approved.availability, 9)).toBe('ACTIVE');
  });
});
