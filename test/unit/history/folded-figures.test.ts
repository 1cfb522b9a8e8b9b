import { describe, expect, test } from '@jest/globals';
import { FoldedFigures } from '../../../src/history/folded-figures.js';
import { downSample } from '../../../src/history/down-sample.js';
import { historyPoint } from '../../../src/history/history-point.js';
import { WaitingPoints } from '../../../src/history/waiting-points.js';
import type { HistoryPoint } from '../../../src/history/history-store.js';
import { MEASURE_KEYS } from '../../../contract/measures.js';
import { aPoint as point } from './a-point.js';

function together(...points: HistoryPoint[]) {
  const figures = new FoldedFigures();
  for (const one of points) figures.add(one);
  return figures.together();
}

describe('figures of several heartbeats', () => {
  test('are means, as exactly as their unit is kept; of a total the last', () => {
    const [first, second] = [
      point(1, { cpu: 0.1, memoryUsedBytes: 10, memoryTotalBytes: 100, loadAverage: 0.25 }),
      point(2, { cpu: 0.2, memoryUsedBytes: 15, memoryTotalBytes: 300, loadAverage: 0.5 }),
    ];
    expect(together(first, second)).toMatchObject({
      cpu: 0.15,
      memoryUsedBytes: 13,
      memoryTotalBytes: 300,
      loadAverage: 0.38,
    });
  });

  test('what some of them lack is the mean of those that have it', () => {
    expect(together(point(1, { swapUsedBytes: 10 }), point(2), point(3, { swapUsedBytes: 30 }))).toMatchObject({
      swapUsedBytes: 20,
      connections: 4,
    });
  });

  test('what all of them lack is absent, not 0', () => {
    expect(together(point(1), point(2))).not.toHaveProperty('swapUsedBytes');
    expect(downSample([point(1), point(2)], 10)[0]).not.toHaveProperty('loadAverage');
  });
});

test('a point that waits keeps what it has, and lacks what it lacks', () => {
  const waiting = new WaitingPoints<HistoryPoint>(['at', ...MEASURE_KEYS], 10);
  const [older, newer] = [point(1), point(2, { loadAverage: 0, swapUsedBytes: 7 })];
  waiting.add(older, 1);
  waiting.add(newer, 1);
  expect(waiting.take(1, 10)).toEqual([older, newer]);
});

test('a heartbeat of an older agent has no load average and no swap; a disk that could not be read is nothing of nothing', () => {
  const resources = {
    cpu: { cores: 4, utilization: 0.5 },
    memory: { totalBytes: 100, usedBytes: 10, availableBytes: 90 },
    gpus: [],
    connections: 3,
  };
  const older = {
    uid: 'u',
    at: 5,
    cpu: 0.5,
    memoryUsedBytes: 10,
    memoryTotalBytes: 100,
    diskUsedBytes: 0,
    diskTotalBytes: 0,
    connections: 3,
    sessions: 2,
  };
  const node = { uid: 'u', activeSessions: 2 };
  expect(historyPoint(node, resources, 5)).toEqual(older);
  expect(historyPoint(node, { ...resources, loadAverage: 0, swapUsedBytes: 8 }, 5)).toEqual({
    ...older,
    loadAverage: 0,
    swapUsedBytes: 8,
  });
});
