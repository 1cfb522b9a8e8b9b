import type { EpochMs } from '../contract/states.js';

/** The next look at a set's nodes comes after this fraction of the time since the set last changed, within these bounds in milliseconds. */
const PART = 1 / 10;
const SOONEST_MS = 1_000;
const LATEST_MS = 30_000;

export function nextLookAt(lookedAt: EpochMs, movedAt: EpochMs): EpochMs {
  return Math.max(lookedAt, movedAt) + Math.min(Math.max(SOONEST_MS, (lookedAt - movedAt) * PART), LATEST_MS);
}
