import { FoldedFigures } from './folded-figures.js';
import type { HistoryPoint } from './history-store.js';

/**
 * Combines the points within each stretch of `resolutionMs`, folding each measure as its row says, at the time of the last of them. Stretches are
 * counted from the epoch, so that they stay the same when polled. Expects the earliest point first.
 */
export function downSample(points: readonly HistoryPoint[], resolutionMs: number): HistoryPoint[] {
  const sampled: HistoryPoint[] = [];
  for (let begin = 0; begin < points.length;) {
    const stretch = stretchOf(points[begin], resolutionMs);
    let end = begin + 1;
    while (end < points.length && stretchOf(points[end], resolutionMs) === stretch) end += 1;
    sampled.push(together(points.slice(begin, end)));
    begin = end;
  }
  return sampled;
}

function stretchOf(point: HistoryPoint | undefined, resolutionMs: number): number {
  return Math.floor((point?.at ?? 0) / resolutionMs);
}

function together(points: readonly HistoryPoint[]): HistoryPoint {
  const last = points.at(-1) as HistoryPoint;
  if (points.length === 1) return last;
  const figures = new FoldedFigures();
  for (const point of points) figures.add(point);
  return { uid: last.uid, at: last.at, ...figures.together() };
}
