import type { EpochMs } from '../../contract/states.js';

/**
 * The api's own sign of life. While no replica can record heartbeats, no node can be heard, and none may be blamed for
 * that: the time without a pulse is written down as a blind spot.
 */
export abstract class PulseStore {
  /**
   * This replica is recording heartbeats at `at`.
   * @param lastAt when it said so before
   * @returns false where the record does not know that any more: it was restored, and what was recorded since is lost
   */
  abstract beat(replica: string, at: EpochMs, lastAt?: EpochMs): Promise<boolean>;

  /**
   * Recording begins, or begins again after it failed: writes down for how long no replica was recording, and beats.
   * @returns the blind spot, where there was one.
   */
  abstract resume(replica: string, at: EpochMs): Promise<{ from: EpochMs; to: EpochMs } | null>;

  /** How many replicas are recording heartbeats at `at`: those that have pulsed within a pause. */
  abstract recording(at: EpochMs): Promise<number>;
}

/**
 * Between a replica's pulses, in milliseconds, or a little more: each follows a write, and writes rest as long as they took. Far from
 * being late, or a MongoDB that is a little slow would make a blind spot of all the time in which heartbeats were taken all the same.
 */
export const PULSE_EVERY_MS = 500;

/**
 * A replica whose pulse comes later than this after its last, in milliseconds, did not record in between: it is how long a write may take
 * before heartbeats are turned away.
 */
export const PULSE_LATE_MS = 2_000;

/**
 * No replica was recording where one begins, or begins again, longer than this after the latest pulse of any, in milliseconds. Less than
 * PULSE_LATE_MS: of a replica that is restarted in a moment, and again, the moments add up.
 */
export const GAP_MS = 2 * PULSE_EVERY_MS;

/** Without a pulse for this long, in milliseconds, the api is blind now, whatever a node's silence may last. */
export const LONGEST_PAUSE_MS = 5_000;

/**
 * How old the latest pulse may be, in milliseconds, while the api is taken to be recording. A small part of what a node
 * may be silent: time that nobody takes note of must not be what makes a node's silence too long.
 */
export function pulsePauseMs(disconnectTimeoutMs: number): number {
  return Math.min(LONGEST_PAUSE_MS, disconnectTimeoutMs / 4);
}
