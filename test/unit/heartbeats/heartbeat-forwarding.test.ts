import { describe, expect, test } from '@jest/globals';
import { HeartbeatForwarding } from '../../../src/heartbeats/heartbeat-forwarding.js';
import { summaryOf } from '../../../src/record/node-summary.js';
import { nodeRecord } from '../../support/api/node-record-fixture.js';

const INTERVAL_MS = 15_000;
const steady = summaryOf(nodeRecord({ phase: 'ACTIVE', liveness: 'HEALTHY', bootId: 'boot-1' }));
const beat = { bootId: 'boot-1' };

/** For a fleet of this size, and this many replicas of the api. */
const policy = (budgetPerSecond: number, current: number, replicas = 1, intervalMs = INTERVAL_MS) =>
  new HeartbeatForwarding(budgetPerSecond, { intervalMs }, { current, replicas });

/** How many of forty at once are forwarded. */
const burst = (forwarding: HeartbeatForwarding, now: number) =>
  Array.from({ length: 40 }, () => forwarding.verdict(steady, beat, now)).filter(
    (verdict) => verdict === 'within_budget',
  ).length;

describe('the heartbeats forwarded to a workflow', () => {
  test('are all of them in a small fleet', () => {
    const forwarding = policy(50, 100);
    const sent = Array.from({ length: 100 }, (_, at) => forwarding.verdict(steady, beat, at * 150));
    expect(new Set(sent)).toEqual(new Set(['within_budget']));
  });

  test('are none that change nothing in a fleet that would exceed the budget', () => {
    expect(policy(50, 750).verdict(steady, beat, 0)).toBe('within_budget');
    expect(policy(50, 751).verdict(steady, beat, 0)).toBe('no_change');
    expect(policy(50, 751, 1, 2 * INTERVAL_MS).verdict(steady, beat, 0)).toBe('within_budget');
  });

  test.each([
    [
      'the first since its approval',
      summaryOf(nodeRecord({ phase: 'WAITING', liveness: 'HEALTHY', bootId: 'boot-1' })),
      beat,
    ],
    [
      'a return from UNHEALTHY',
      summaryOf(nodeRecord({ phase: 'ACTIVE', liveness: 'UNHEALTHY', bootId: 'boot-1' })),
      beat,
    ],
    ['the first that its workflow would hear of', summaryOf(nodeRecord({ applied: false })), beat],
    ['a new boot', steady, { bootId: 'boot-2' }],
  ])('%s is always forwarded', (_title, node, changed) => {
    expect(policy(0.001, 1_000_000).verdict(node, changed, 0)).toBe('change');
  });

  test('a burst is cut to the budget, which refills over time', () => {
    const forwarding = policy(10, 40);
    expect(burst(forwarding, 0)).toBe(10);
    expect(forwarding.verdict(steady, beat, 0)).toBe('over_budget');
    expect(burst(forwarding, 500)).toBe(5);
    expect(burst(forwarding, 60_000)).toBe(10);
  });

  test("the budget is the fleet's: replicas of the api share it", () => {
    const replicas = Array.from({ length: 4 }, () => policy(40, 40, 4));
    for (const replica of replicas) burst(replica, 0);
    const sent = replicas
      .map((replica) => burst(replica, 500))
      .concat(replicas.map((replica) => burst(replica, 1_000)));
    expect(sent).toEqual(Array.from({ length: 8 }, () => 5));
  });
});
