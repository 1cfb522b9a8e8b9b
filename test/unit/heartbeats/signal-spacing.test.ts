import { expect, test } from '@jest/globals';
import { SignalSpacing } from '../../../src/heartbeats/signal-spacing.js';
import { summaryOf } from '../../../src/record/node-summary.js';
import { nodeRecord } from '../../support/api/node-record-fixture.js';

const INTERVAL_MS = 1_000;
const nodeThatIs = (liveness: 'HEALTHY' | 'UNHEALTHY', phase: 'ACTIVE' | 'WAITING' = 'ACTIVE') =>
  summaryOf(nodeRecord({ phase, liveness, bootId: 'boot-1' }));

/** Seconds at which a workflow hears of a node that beats every second. */
function heardAt(spacing: SignalSpacing, node: ReturnType<typeof nodeThatIs>, seconds: number, from = 0): number[] {
  return Array.from({ length: seconds }, (_, second) => from + second).filter((second) =>
    spacing.admits(node, 'boot-1', second * INTERVAL_MS),
  );
}

test('heartbeats of a healthy node are forwarded, except those sooner than half an interval', () => {
  const spacing = new SignalSpacing(INTERVAL_MS);
  expect(heardAt(spacing, nodeThatIs('HEALTHY'), 5)).toEqual([0, 1, 2, 3, 4]);
  expect(spacing.admits(nodeThatIs('HEALTHY'), 'boot-1', 4_499)).toBe(false);
  expect(spacing.admits(nodeThatIs('HEALTHY'), 'boot-2', 4_499)).toBe(true);
});

test.each([
  ['a return', nodeThatIs('UNHEALTHY')],
  ['a first heartbeat', nodeThatIs('HEALTHY', 'WAITING')],
])('%s that the workflow has not acted on is repeated less and less often', (_what, node) => {
  const spacing = new SignalSpacing(INTERVAL_MS);
  expect(heardAt(spacing, node, 40)).toEqual([0, 1, 2, 4, 8, 16, 24, 32]);
});

test('changes, and unheard signals, are forwarded at once', () => {
  const spacing = new SignalSpacing(INTERVAL_MS);
  const node = nodeThatIs('UNHEALTHY');
  heardAt(spacing, node, 10);
  expect(spacing.admits(node, 'boot-1', 10_000)).toBe(false);
  spacing.forget(node);
  expect(spacing.admits(node, 'boot-1', 10_000)).toBe(true);
  expect(spacing.admits(nodeThatIs('HEALTHY'), 'boot-1', 10_100)).toBe(true);
});
