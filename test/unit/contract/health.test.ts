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
  ])('after %d ms of silence at a beat every 15 s, counts %d', (silence, missed) => {
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
    'is none for a heartbeat from the future, by a clock that is ahead',
    (now, intervalMs, aheadMs) => {
      expect(missedHeartbeats(now + aheadMs, now, intervalMs)).toBe(0);
    },
  );
});

describe('statusOf', () => {
  test('says of a compute node how it is', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Compute', liveness))).toEqual(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']);
  });

  test('calls nobody healthy who is silent for longer than they may', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Compute', liveness, true))).toEqual([
      'UNKNOWN',
      'UNHEALTHY',
      'UNKNOWN',
    ]);
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness, true))).toEqual(
      LIVENESSES.map(() => 'DISCONNECTED'),
    );
  });

  test('calls a replica of the api that has said goodbye disconnected at once', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness, false, true))).toEqual(
      LIVENESSES.map(() => 'DISCONNECTED'),
    );
  });

  test('says of a replica of the api whether it is there', () => {
    expect(LIVENESSES.map((liveness) => statusOf('Requester', liveness))).toEqual([
      'CONNECTED',
      'DISCONNECTED',
      'DISCONNECTED',
    ]);
  });
});

test('nodes are counted as they are shown: who said goodbye is STOPPED, and nobody who is overdue is HEALTHY', () => {
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

  test('is what was said of a node that is heard', () => {
    expect(shownLiveness(node)).toEqual(liveness);
  });

  test('is not known of one that nobody has judged yet', () => {
    expect(shownLiveness({ ...node, overdue: true })).toMatchObject({ value: 'UNKNOWN', since: node.lastHeartbeat });
  });

  test('is no HEALTHY of one whose agent said goodbye, and tells who said so', () => {
    const stopped = { since: stoppedAt, by: 'agent:node-1', reason: 'its agent said goodbye' };
    expect(shownLiveness({ ...node, stoppedAt })).toEqual({ ...stopped, value: 'UNKNOWN' });
    const judged = { ...liveness, value: 'UNHEALTHY' } as const;
    expect(shownLiveness({ ...node, stoppedAt, liveness: judged })).toEqual({ ...stopped, value: 'UNHEALTHY' });
  });
});
