import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { statusCounts, missedHeartbeats, shownLiveness, statusOf } from '../../../contract/health.js';
import { LIVENESSES } from '../../../contract/states.js';

const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
const interval = fc.integer({ min: 1, max: 86_400_000 });

describe('missedHeartbeats', () => {
  test.each([
    [0, 0],
    [15_000, 0],
    [22_499, 0],
    [22_500, 1],
    [37_499, 1],
    [37_500, 2],
    [60_000, 3],
  ])('after %d ms of silence with an interval of 15 s, counts %d', (silence, missed) => {
    expect(missedHeartbeats(1_000_000, 1_000_000 + silence, 15_000)).toBe(missed);
  });

  test.prop([moment, interval, fc.nat(), fc.nat()])(
    'never falls while a node stays silent',
    (lastSeen, intervalMs, silence, more) => {
      const missed = missedHeartbeats(lastSeen, lastSeen + silence, intervalMs);
      expect(missedHeartbeats(lastSeen, lastSeen + silence + more, intervalMs)).toBeGreaterThanOrEqual(missed);
    },
  );

  test.prop([moment, interval, fc.nat()])(
    'is 0 for a heartbeat from the future, by a clock that is ahead',
    (now, intervalMs, aheadMs) => {
      expect(missedHeartbeats(now + aheadMs, now, intervalMs)).toBe(0);
    },
  );
});

describe('statusOf', () => {
  test("is a compute node's liveness", () => {
    expect(LIVENESSES.map((liveness) => statusOf('Compute', liveness))).toEqual(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']);
  });

  test('is never HEALTHY for an overdue node', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Compute', liveness, true))).toEqual([
      'UNKNOWN',
      'UNHEALTHY',
      'UNKNOWN',
    ]);
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness, true))).toEqual(
      LIVENESSES.map(() => 'DISCONNECTED'),
    );
  });

  test('is DISCONNECTED at once for a replica that said goodbye', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness, false, true))).toEqual(
      LIVENESSES.map(() => 'DISCONNECTED'),
    );
  });

  test('is CONNECTED or DISCONNECTED for a replica', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness))).toEqual([
      'CONNECTED',
      'DISCONNECTED',
      'DISCONNECTED',
    ]);
  });
});

test('counts equal what is shown: nodes that said goodbye are STOPPED, and no overdue node is HEALTHY', () => {
  const byLiveness = { HEALTHY: 10, UNHEALTHY: 3, UNKNOWN: 2 };
  expect(statusCounts({ byLiveness, stopped: { HEALTHY: 4, UNKNOWN: 2 }, overdue: 1 })).toEqual({
    HEALTHY: 5,
    UNHEALTHY: 3,
    UNKNOWN: 0,
    STOPPED: 6,
  });
});

describe('shownLiveness', () => {
  const liveness = {
    value: 'HEALTHY',
    since: '2026-11-21T11:00:00.000Z',
    reason: 'heartbeats arrive',
    by: 'system',
  } as const;
  const node = { id: 'node-1', overdue: false, liveness, lastHeartbeat: '2026-11-21T11:59:00.000Z' };
  const stoppedAt = '2026-11-21T11:59:30.000Z';

  test('is the recorded value of a node that is heard', () => {
    expect(shownLiveness(node)).toEqual(liveness);
  });

  test('is UNKNOWN for a node that nobody has judged yet', () => {
    expect(shownLiveness({ ...node, overdue: true })).toMatchObject({ value: 'UNKNOWN', since: node.lastHeartbeat });
  });

  test('is not HEALTHY for a node whose agent said goodbye, and names who said so', () => {
    const stopped = { since: stoppedAt, by: 'agent:node-1', reason: 'its agent said goodbye' };
    expect(shownLiveness({ ...node, stoppedAt })).toEqual({ ...stopped, value: 'UNKNOWN' });
    const judged = { ...liveness, value: 'UNHEALTHY' } as const;
    expect(shownLiveness({ ...node, stoppedAt, liveness: judged })).toEqual({ ...stopped, value: 'UNHEALTHY' });
  });
});
