import type { EpochMs } from '../../contract/states.js';

/** A stretch of time. */
export interface Stretch {
  from: EpochMs;
  to: EpochMs;
}

/** How much of `within` the stretches cover together, in milliseconds, counting overlaps once. */
export function overlap(stretches: readonly Stretch[], within: Stretch): number {
  let covered = 0;
  let reached = within.from;
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(from, reached);
    const end = Math.min(to, within.to);
    if (end <= begin) continue;
    covered += end - begin;
    reached = end;
  }
  return covered;
}

/** The latest moment since which `ms` milliseconds have passed that none of the stretches covers. */
export function latestWithout(stretches: readonly Stretch[], now: EpochMs, ms: number): EpochMs {
  let at = now;
  let left = ms;
  for (const { from, to } of stretches.toSorted((a, b) => b.to - a.to)) {
    const uncovered = Math.max(0, at - to);
    if (uncovered >= left) break;
    left -= uncovered;
    at = Math.min(at, from);
  }
  return at - left;
}
