import { describe, expect, test } from '@jest/globals';
import { downSample } from '../../../src/history/down-sample.js';
import { heartbeatStrip, type StripRequest } from '../../../src/history/heartbeat-strip.js';
import { MinuteMeans } from '../../../src/history/minute-means.js';
import { aPoint as point } from './a-point.js';

/** Beats are due every 10, and slots are as long. */
function strip(times: number[], changes: Partial<StripRequest> = {}): string {
  const { slots } = heartbeatStrip({
    beats: times.map((at) => ({ at })),
    from: 100,
    to: 160,
    slotMs: 10,
    toleranceMs: 15,
    unwrittenMs: 0,
    since: 0,
    blind: [],
    ...changes,
  });
  return slots.map((state) => ({ before: '-', received: '.', late: 'L', missed: 'x', blind: '?' })[state]).join('');
}

describe('the strip of heartbeats', () => {
  test('has a slot for each part of the window, the last one until now', () => {
    expect(strip([95, 105, 115, 125, 135, 145, 155])).toBe('.......');
    expect(strip([], { since: null })).toBe('-------');
  });

  test('jitter is not lateness, even if it skips a slot', () => {
    expect(strip([95, 109.9, 121, 132, 141, 150.1, 159])).toBe('.......');
  });

  test('a heartbeat after more than one and a half intervals is late, and its empty slots are missed', () => {
    expect(strip([95, 105, 121, 131, 141, 151])).toBe('.xL....');
    expect(strip([95, 105, 145, 155])).toBe('.xxxL..');
  });

  test('silence is missed as soon as it is too long, and not before', () => {
    expect(strip([95, 105, 115, 125, 135, 146])).toBe('.......');
    expect(strip([95, 105, 115, 125, 135], { to: 159 })).toBe('....xx');
    expect(strip([], { since: 0 })).toBe('xxxxxxx');
  });

  test('beats that may not be written yet are not missed', () => {
    expect(strip([95, 105, 115, 125, 135], { to: 159, unwrittenMs: 10 })).toBe('......');
    expect(strip([95, 105, 115], { to: 159, unwrittenMs: 10 })).toBe('..xxxx');
    expect(strip([95, 105, 145, 155], { unwrittenMs: 50 })).toBe('.xxxL..');
  });

  test('a node is expected from when it joined', () => {
    expect(strip([131, 141, 151], { since: 125 })).toBe('--.....');
    expect(strip([], { since: 125 })).toBe('--xxxxx');
  });

  test('nothing is late or missed while the control plane was not listening', () => {
    expect(strip([95, 105, 146, 156], { blind: [{ from: 108, to: 144 }] })).toBe('.???...');
    expect(strip([95, 105, 146, 156], { blind: [{ from: 108, to: 119 }] })).toBe('.?xxL..');
  });

  test('uses the counts of stored minutes', () => {
    const beats = [
      { at: 95 },
      { at: 105, late: true },
      { at: 115 },
      { at: 125 },
      { at: 135 },
      { at: 145 },
      { at: 155 },
    ];
    expect(strip([], { beats })).toBe('L......');
  });

  test('slots keep their places as time passes', () => {
    const request = { beats: [], slotMs: 10, toleranceMs: 15, unwrittenMs: 0, since: 0, blind: [] };
    expect(heartbeatStrip({ ...request, from: 103, to: 163 }).from).toBe(100);
    expect(heartbeatStrip({ ...request, from: 109, to: 169 }).from).toBe(100);
    expect(heartbeatStrip({ ...request, from: 110, to: 170 }).from).toBe(110);
  });
});

describe('points', () => {
  test('of one part become their mean, at the last one’s time; a single point stays', () => {
    const sampled = downSample(
      [point(10, { cpu: 0, connections: 1 }), point(19, { cpu: 1, connections: 2, memoryUsedBytes: 30 }), point(20)],
      10,
    );
    expect(sampled).toMatchObject([point(19, { cpu: 0.5, connections: 2, memoryUsedBytes: 20 }), point(20)]);
    expect(sampled[1]).toEqual(point(20));
    expect(downSample([], 10)).toEqual([]);
  });

  test('of one minute become their mean when it is over, with the number of late ones', () => {
    const means = new MinuteMeans();
    expect(means.add(point(1_000, { cpu: 0.2, sessions: 0 }), false)).toBeUndefined();
    expect(means.add(point(59_999, { cpu: 0.4, sessions: 3, memoryTotalBytes: 300 }), true)).toBeUndefined();
    const other = point(2_000, { uid: 'v' });
    means.add(other, false);
    expect(means.add(point(60_000), false)).toEqual({
      ...point(59_999, { cpu: expect.closeTo(0.3) as never, sessions: 2, memoryTotalBytes: 300 }),
      cpuMin: 0.2,
      cpuMax: 0.4,
      late: 1,
    });
    expect(means.takeOver(60_001)).toEqual([{ ...other, late: 0 }]);
    expect(means.takeAll()).toHaveLength(1);
    expect(means.size).toBe(0);
  });
});
