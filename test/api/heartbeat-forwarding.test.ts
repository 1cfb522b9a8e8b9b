import { describe, expect, test } from '@jest/globals';
import { HeartbeatForwarding } from '../../src/agents/heartbeat-forwarding.js';
import { standingOf } from '../../src/agents/node-standing.js';
import { nodeRecord } from './node-record-fixture.js';

const INTERVAL_MS = 15_000;
const steady = standingOf(nodeRecord({ phase: 'ACTIVE', liveness: 'HEALTHY', bootId: 'boot-1' }));
const beat = { bootId: 'boot-1' };

describe('which heartbeats a workflow hears of', () => {
  test('in a small fleet all of them', () => {
    const forwarding = new HeartbeatForwarding(50, INTERVAL_MS);
    const sent = Array.from({ length: 100 }, (_, at) => forwarding.isForwarded(steady, beat, 100, at * 150));
    expect(sent).not.toContain(false);
  });

  test('in a fleet that would need more than the budget none that changes nothing', () => {
    const forwarding = new HeartbeatForwarding(50, INTERVAL_MS);
    expect(forwarding.isForwarded(steady, beat, 750, 0)).toBe(true);
    expect(forwarding.isForwarded(steady, beat, 751, 0)).toBe(false);
  });

  test.each([
    ['the first since its approval', standingOf(nodeRecord({ phase: 'WAITING', liveness: 'HEALTHY', bootId: 'boot-1' })), beat],
    ['a return from UNHEALTHY', standingOf(nodeRecord({ phase: 'ACTIVE', liveness: 'UNHEALTHY', bootId: 'boot-1' })), beat],
    ['the first that its workflow would hear of', standingOf(nodeRecord({ applied: false })), beat],
    ['a new boot', steady, { bootId: 'boot-2' }],
  ])('%s is always heard', (_title, node, changed) => {
    expect(new HeartbeatForwarding(0.001, INTERVAL_MS).isForwarded(node, changed, 1_000_000, 0)).toBe(true);
  });

  test('a burst is cut to the budget, which fills again with time', () => {
    const forwarding = new HeartbeatForwarding(10, INTERVAL_MS);
    const burst = (now: number) => Array.from({ length: 40 }, () => forwarding.isForwarded(steady, beat, 40, now)).filter(Boolean).length;
    expect(burst(0)).toBe(10);
    expect(burst(500)).toBe(5);
    expect(burst(60_000)).toBe(10);
  });
});
