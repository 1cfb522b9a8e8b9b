import type { EpochMs } from '../../contract/states.js';

/** How long after the one before a heartbeat is in time, in intervals: jitter and a slow network are no lateness. Agrees with contract/health. */
export const LATE_AFTER_INTERVALS = 1.5;

/** @param intervalMs how often heartbeats are expected, in milliseconds */
export function isLate(before: EpochMs, at: EpochMs, intervalMs: number): boolean {
  return at - before > LATE_AFTER_INTERVALS * intervalMs;
}
