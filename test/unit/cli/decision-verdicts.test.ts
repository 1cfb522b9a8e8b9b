import { expect, test } from '@jest/globals';
import type { Node } from '../../../client/types.gen.js';
import { VERDICTS } from '../../../cli/waiting/decision-verdicts.js';
import { exampleNode } from '../../support/cli/example-nodes.js';

const AT = '2026-11-22T02:00:00.000Z';
const verdict = VERDICTS.drained('node-1', 5);
const decided = (seq: number, changes: Partial<Node>) => {
  const node = exampleNode('node-1', changes);
  return { ...node, decision: { ...node.decision, seq } };
};
const planned: Partial<Node> = {
  planned: {
    ...{ at: AT, until: null, since: AT, by: 'admin', reason: '', deadline: null, onDeadline: 'wait' },
  },
};

test('a wait for a planned drain shows when it begins', () => {
  expect(verdict(decided(5, planned))).toEqual({ waitingFor: `node node-1 to go at ${AT}` });
});

test('and continues if a check decides meanwhile, which leaves the plan', () => {
  expect(verdict(decided(6, planned))).toEqual({ waitingFor: `node node-1 to go at ${AT}` });
});

test('and ends if the plan is cancelled', () => {
  expect(() => verdict(decided(6, { planned: null }))).toThrow('a later decision came');
});

test('a running drain is waited for, whatever is planned after it', () => {
  expect(verdict(decided(6, { ...planned, phase: 'DRAINING' }))).toEqual({
    waitingFor: expect.stringMatching(/finish|be drained|take up/),
  });
  expect(verdict(decided(6, { phase: 'DRAINED' }))).toBe('done');
});
