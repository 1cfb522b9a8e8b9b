import { describe, expect, test } from '@jest/globals';
import { MOST_LABELS } from '../../../contract/schemas/common.js';
import { agentLabelsLeft, labelsAfter } from '../../../src/record/agent-labels.js';

describe('a node whose agent reports other labels', () => {
  test('has those, and no longer the ones that it leaves out', () => {
    const before = { labels: { pool: 'a', zone: 'b' }, agentLabels: ['pool', 'zone'], said: { pool: 'a', zone: 'b' } };
    expect(labelsAfter(before, { pool: 'c', rack: '7' })).toEqual({
      labels: { pool: 'c', rack: '7' },
      agentLabels: ['pool', 'rack'],
    });
  });

  test("keeps administrators' labels, even from before they were distinguished", () => {
    const labels = { pool: 'a' };
    expect(labelsAfter({ labels, agentLabels: [], said: {} }, { pool: 'b', rack: '7' })).toEqual({
      labels: { pool: 'a', rack: '7' },
      agentLabels: ['rack'],
    });
    expect(labelsAfter({ labels, said: undefined }, { pool: 'a' })).toEqual({ labels, agentLabels: [] });
    expect(labelsAfter({ labels, said: { pool: 'a' } }, {})).toEqual({ labels, agentLabels: [] });
  });

  test('does not get back what an administrator removed, until the agent reports another value', () => {
    const before = { labels: {}, agentLabels: [], said: { pool: 'a' } };
    expect(labelsAfter(before, { pool: 'a', rack: '7' }).labels).toEqual({ rack: '7' });
    expect(labelsAfter(before, { pool: 'b' }).labels).toEqual({ pool: 'b' });
  });

  test('has at most the maximum number of labels, with any keys', () => {
    const labels = Object.fromEntries(Array.from({ length: MOST_LABELS }, (_, at) => [`k${at}`, '']));
    expect(labelsAfter({ labels, said: undefined }, { constructor: 'x' }).labels).toEqual(labels);
    expect(labelsAfter({ labels: {}, said: undefined }, { constructor: 'x' }).agentLabels).toEqual(['constructor']);
  });
});

test('of labels that an administrator replaces, unchanged ones stay the agent’s', () => {
  const before = { labels: { pool: 'a', zone: 'b', own: 'x' }, agentLabels: ['pool', 'zone'] };
  expect(agentLabelsLeft(before, { pool: 'a', zone: 'c', own: 'x' })).toEqual(['pool']);
});
