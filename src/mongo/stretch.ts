import type { EpochMs } from '../../contract/states.js';

/** A stretch of time. */
export interface Stretch {
  from: EpochMs;
  to: EpochMs;
}

/** How much of `within` the stretches cover together, in milliseconds; where they overlap each other, that counts once. */
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
