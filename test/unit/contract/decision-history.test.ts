import { describe, expect, test } from '@jest/globals';
import {
  decide,
  firstDecision,
  REMEMBERED_DECISIONS,
  type Decision,
  type DecisionAction,
} from '../../../contract/decision.js';
import { isAstray, makerOf, orderOf, renumbered } from '../../../contract/decision-history.js';

let id = 0;
let at = 1_000;
const identified = (decision: Decision): Decision => ({ ...decision, id: `d${(id += 1)}` });
const first = () =>
  identified(firstDecision({ at: (at += 1), by: 'ada', reason: '', registered: true, approval: 'APPROVED' }));
const next = (previous: Decision, action: DecisionAction = 'deactivate', by = 'ada') =>
  identified(decide(previous, action, { at: (at += 1), by, reason: '' }));
const after = (previous: Decision, times: number): Decision =>
  times === 0 ? previous : after(next(previous), times - 1);

describe("the record's decision", () => {
  test("is the workflow's", () => {
    const one = first();
    expect(orderOf(one, one)).toBe('same');
    expect(isAstray(one, { seq: 1, decisionId: one.id })).toBe(false);
  });

  test('is later in the ordinary course', () => {
    const one = first();
    expect(orderOf(next(one), one)).toBe('record later');
    expect(isAstray(next(one), { seq: 1, decisionId: one.id })).toBe(false);
  });

  test.each([1, 2, REMEMBERED_DECISIONS, REMEMBERED_DECISIONS + 1, 50])(
    'is behind where it has forgotten %i',
    (forgotten) => {
      const one = first();
      const workflows = after(one, forgotten);
      expect(orderOf(one, workflows)).toBe('record behind');
      expect(isAstray(one, { seq: workflows.seq, decisionId: workflows.id })).toBe(true);
    },
  );

  test.each([
    [1, 1],
    [3, 1],
    [3, 3],
    [40, 2],
  ])('is apart where it has forgotten %i and %i were made since', (forgotten, made) => {
    const one = first();
    const workflows = after(one, forgotten);
    const since = after(one, made);
    expect(orderOf(since, workflows)).toBe('apart');
    expect(isAstray(since, { seq: workflows.seq, decisionId: workflows.id })).toBe(true);
  });

  test('of before there were ids is fenced by its number', () => {
    const { id: _none, ...old } = first();
    expect(isAstray(old, { seq: 1 })).toBe(false);
    expect(isAstray(old, { seq: 1, decisionId: 'd' })).toBe(false);
    expect(isAstray(old, { seq: 2, decisionId: 'd' })).toBe(true);
  });
});

describe('a decision that is numbered anew', () => {
  test('is above both, with the rulings that the workflow does not know, and follows from the one that it was', () => {
    const one = first();
    const drainedBefore = after(one, 3);
    const anew = next(one, 'deactivate', 'bob');
    const { seq, approval, availability, lineage, id: itsId } = renumbered(anew, drainedBefore);
    expect({ seq, approval, availability }).toEqual({
      seq: 5,
      approval: one.approval,
      availability: { ...anew.availability, seq: 5 },
    });
    expect(lineage?.[0]).toBe(anew.id);
    expect(itsId).toBeUndefined();
  });

  test('keeps the number of its removal where the workflow knows that very removal', () => {
    const removed = next(first(), 'remove');
    expect(renumbered(removed, { ...removed, seq: removed.seq + 1 })).toMatchObject({
      seq: 4,
      removal: { seq: 2 },
      availability: removed.availability,
    });
    const { removal: _none, ...workflows } = removed;
    expect(renumbered(removed, workflows)).toMatchObject({ seq: 3, removal: { seq: 3 } });
  });

  test('of before there were ids follows from none', () => {
    const { id: _none, ...old } = first();
    expect(renumbered(old, old)).not.toHaveProperty('lineage');
  });
});

describe('who made a decision', () => {
  test('is who made the part that has its number', () => {
    const decision = next(next(first()), 'activate', 'bob');
    expect(makerOf(decision)).toMatchObject({ by: 'bob', since: at });
  });

  test('is who made the latest part where none has its number', () => {
    const decision = next(first(), 'deactivate', 'bob');
    expect(makerOf({ ...decision, seq: 9 })).toMatchObject({ by: 'bob', since: at });
  });
});
