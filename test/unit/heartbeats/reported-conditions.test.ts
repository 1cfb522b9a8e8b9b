import { expect, test } from '@jest/globals';
import { NOT_RUN_YET, type NodeCondition } from '../../../contract/fitness.js';
import type { ReportedCondition } from '../../../contract/schemas/agents.js';
import { changesBetween, conditionsAfter } from '../../../src/heartbeats/reported-conditions.js';

const AT = 1_000_000;
const told = (status: string, more: Partial<ReportedCondition> = {}): ReportedCondition => ({
  type: 'disk',
  status,
  ageMs: 5_000,
  reason: 'UnderLimit',
  message: '3 % are free',
  by: 'built-in',
  ...more,
});
const kept = (status: NodeCondition['status'], since: number): NodeCondition => {
  const { ageMs: _, ...same } = told(status);
  return { ...same, status, since };
};

test("a condition keeps its time by the api's clock, also over restarts of the agent", () => {
  expect(conditionsAfter([], [told('UNFIT')], AT)).toEqual([kept('UNFIT', AT - 5_000)]);
  expect(conditionsAfter([kept('UNFIT', 7)], [told('UNFIT')], AT)).toEqual([kept('UNFIT', 7)]);
  expect(conditionsAfter([kept('UNFIT', 7)], [told('FIT')], AT)).toEqual([kept('FIT', AT - 5_000)]);
  expect(conditionsAfter([], [told('UNFIT', { ageMs: 2 * AT })], AT)).toEqual([kept('UNFIT', 0)]);
});

test('a check that has not run since its agent started keeps its former result', () => {
  const notYet = told('UNKNOWN', { reason: NOT_RUN_YET });
  expect(conditionsAfter([kept('UNFIT', 7)], [notYet], AT)).toEqual([kept('UNFIT', 7)]);
  expect(conditionsAfter([], [notYet], AT)).toMatchObject([{ status: 'UNKNOWN', reason: NOT_RUN_YET }]);
});

test("a newer agent's status is UNKNOWN", () => {
  expect(conditionsAfter([], [told('DEGRADED')], AT)).toMatchObject([{ status: 'UNKNOWN' }]);
});

test('a changed status is an event, and so is a first UNFIT; a new check that finds nothing is not', () => {
  const texts = (before: NodeCondition[], after: NodeCondition[]) =>
    changesBetween(before, after).map(({ text }) => text);
  const why = '(built-in). UnderLimit: 3 % are free';
  expect(texts([], [kept('UNFIT', 1)])).toEqual([`disk is UNFIT ${why}`]);
  expect(texts([], [kept('FIT', 1)])).toEqual([]);
  expect(texts([], [kept('UNKNOWN', 1)])).toEqual([]);
  expect(texts([kept('FIT', 1)], [kept('UNFIT', 2)])).toEqual([`disk is UNFIT, was FIT ${why}`]);
  expect(texts([kept('UNFIT', 1)], [kept('UNFIT', 1)])).toEqual([]);
  expect(texts([kept('UNFIT', 1)], [])).toEqual(['disk, which was UNFIT, is not checked any more']);
  expect(texts([kept('FIT', 1)], [])).toEqual([]);
});
