import { expect, test } from '@jest/globals';
import { countMembers, type DrainMemberState } from '../../../contract/drain-set.js';
import { leftBy, progressOf, whyNotRuled } from '../../../web/src/drains/set-progress.js';

const counts = (...states: DrainMemberState[]) => ({ counts: countMembers(states.map((state) => ({ state }))) });

test("a set's progress is that of its nodes, without those that it left unchanged", () => {
  expect(progressOf(counts('DRAINED', 'ALREADY', 'DRAINING', 'QUEUED'))).toEqual({
    ...{ total: 4, well: 2, underWay: 1, otherwise: 0 },
  });
  expect(progressOf(counts('UPDATED', 'FAILED', 'UPDATING', 'NOT_MANAGED'))).toEqual({
    ...{ total: 4, well: 1, underWay: 1, otherwise: 2 },
  });
  expect(progressOf(counts('DRAINED', 'RELEASED', 'NOT_BEGUN'))).toMatchObject({ total: 3, well: 1, otherwise: 0 });
});

test('a finished set is good only if all nodes reached their goal', () => {
  expect(leftBy({ state: 'DONE', ...counts('DRAINED', 'ALREADY') })).toBe(0);
  expect(leftBy({ state: 'DONE', ...counts('DRAINED', 'SKIPPED', 'FAILED') })).toBe(2);
});

test('an impossible ruling has a reason', () => {
  expect(whyNotRuled('pause', { state: 'RUNNING' })).toBeUndefined();
  expect(whyNotRuled('resume', { state: 'HELD' })).toBeUndefined();
  expect(whyNotRuled('pause', { state: 'PAUSED' })).toBe('It is already paused.');
  expect(whyNotRuled('resume', { state: 'CANCELLING' })).toBe('It is being cancelled.');
  expect(whyNotRuled('cancel', { state: 'DONE' })).toBe('It is over.');
});
