import { describe, expect, test } from '@jest/globals';
import { FoldedFigures } from '../../../src/history/folded-figures.js';
import { downSample } from '../../../src/history/down-sample.js';
import { gpuFigures, historyPoint } from '../../../src/history/history-point.js';
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
  test('are means, rounded as their unit is kept; the last value for totals', () => {
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

  test('are means of those that have the measure', () => {
    expect(together(point(1, { swapUsedBytes: 10 }), point(2), point(3, { swapUsedBytes: 30 }))).toMatchObject({
      swapUsedBytes: 20,
      connections: 4,
    });
  });

  test('are absent if none has the measure, not 0', () => {
    expect(together(point(1), point(2))).not.toHaveProperty('swapUsedBytes');
    expect(downSample([point(1), point(2)], 10)[0]).not.toHaveProperty('loadAverage');
  });
});

describe('minimum and maximum', () => {
  test('are kept for means, but not for a single reading', () => {
    const folded = together(point(1, { cpu: 0.1 }), point(2, { cpu: 0.97 }), point(3, { cpu: 0.13 }));
    expect(folded).toMatchObject({ cpu: 0.4, cpuMin: 0.1, cpuMax: 0.97 });
    expect(downSample([point(1)], 10)[0]).toEqual(point(1));
  });

  test('are kept when minutes are merged, also with minutes from before they existed', () => {
    const minutes = [point(1, { cpu: 0.4, cpuMin: 0.1, cpuMax: 0.97 }), point(2, { cpu: 0.2 })];
    expect(downSample(minutes, 10)[0]).toMatchObject({ cpu: 0.3, cpuMin: 0.1, cpuMax: 0.97 });
  });

  test('are absent for measures that no machine has', () => {
    const folded = together(point(1), point(2));
    expect(folded).not.toHaveProperty('gpuMax');
    expect(folded).not.toHaveProperty('loadAverageMin');
  });
});

test('GPUs are one figure: their mean utilisation and total memory; unknown figures are absent', () => {
  const gpu = (utilization: number | null, memoryUsedBytes: number | null, memoryTotalBytes: number | null) => ({
    index: 0,
    utilization,
    memoryUsedBytes,
    memoryTotalBytes,
  });
  expect(gpuFigures([])).toEqual({});
  expect(gpuFigures([gpu(null, null, null)])).toEqual({});
  expect(gpuFigures([gpu(0.5, 3, 8), gpu(0.1, 1, 8), gpu(null, null, 8)])).toEqual({
    gpu: 0.3,
    gpuMemoryUsedBytes: 4,
    gpuMemoryTotalBytes: 16,
  });
});

test('a pending point keeps present and absent measures', () => {
  const waiting = new WaitingPoints<HistoryPoint>(['at', ...MEASURE_KEYS], 10);
  const [older, newer] = [point(1), point(2, { loadAverage: 0, swapUsedBytes: 7 })];
  waiting.add(older, 1);
  waiting.add(newer, 1);
  expect(waiting.take(1, 10)).toEqual([older, newer]);
});

test('a heartbeat of an older agent has no load average and no swap; an unreadable disk counts as none', () => {
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
