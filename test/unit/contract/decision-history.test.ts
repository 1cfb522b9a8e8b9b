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

  test('is normally later', () => {
    const one = first();
    expect(orderOf(next(one), one)).toBe('record later');
    expect(isAstray(next(one), { seq: 1, decisionId: one.id })).toBe(false);
  });

  test.each([1, 2, REMEMBERED_DECISIONS, REMEMBERED_DECISIONS + 1, 50])(
    'is behind if it has forgotten %i',
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
  ])('is apart if it has forgotten %i and %i were made since', (forgotten, made) => {
    const one = first();
    const workflows = after(one, forgotten);
    const since = after(one, made);
    expect(orderOf(since, workflows)).toBe('apart');
    expect(isAstray(since, { seq: workflows.seq, decisionId: workflows.id })).toBe(true);
  });

  test('without an id is fenced by its number', () => {
    const { id: _none, ...old } = first();
    expect(isAstray(old, { seq: 1 })).toBe(false);
    expect(isAstray(old, { seq: 1, decisionId: 'd' })).toBe(false);
    expect(isAstray(old, { seq: 2, decisionId: 'd' })).toBe(true);
  });
});

describe('a renumbered decision', () => {
  test('is above both, with the rulings that the workflow does not know, and has the original as predecessor', () => {
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

  test('keeps the number of its removal if the workflow knows this removal', () => {
    const removed = next(first(), 'remove');
    expect(renumbered(removed, { ...removed, seq: removed.seq + 1 })).toMatchObject({
      seq: 4,
      removal: { seq: 2 },
      availability: removed.availability,
    });
    const { removal: _none, ...workflows } = removed;
    expect(renumbered(removed, workflows)).toMatchObject({ seq: 3, removal: { seq: 3 } });
  });

  test('without an id has no predecessor', () => {
    const { id: _none, ...old } = first();
    expect(renumbered(old, old)).not.toHaveProperty('lineage');
  });
});

describe('the author of a decision', () => {
  test('is that of the part with its number', () => {
    const decision = next(next(first()), 'activate', 'bob');
    expect(makerOf(decision)).toMatchObject({ by: 'bob', since: at });
  });

  test('is that of the latest part if none has its number', () => {
    const decision = next(first(), 'deactivate', 'bob');
    expect(makerOf({ ...decision, seq: 9 })).toMatchObject({ by: 'bob', since: at });
  });
});
