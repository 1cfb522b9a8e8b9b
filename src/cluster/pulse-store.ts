import type { EpochMs } from '../../contract/states.js';

/**
 * The api's own sign of life. While no replica can record heartbeats, no node can be heard or blamed: time without a pulse is recorded as a
 * blind spot.
 */
export abstract class PulseStore {
  /**
   * Records that this replica is recording heartbeats at `at`.
   * @param lastAt time of its previous pulse
   * @returns false where the record has no such pulse: it was restored, and later heartbeats are lost
   */
  abstract beat(replica: string, at: EpochMs, lastAt?: EpochMs): Promise<boolean>;

  /**
   * Begins recording, or resumes it after a failure: records the time in which no replica was recording, and a pulse.
   * @returns the blind spot; null where there was none
   */
  abstract resume(replica: string, at: EpochMs): Promise<{ from: EpochMs; to: EpochMs } | null>;

  /** Number of replicas that are recording heartbeats at `at`, by the age of their pulses. */
  abstract recording(at: EpochMs): Promise<number>;
}

/**
 * Minimum time between a replica's pulses, in milliseconds. Each follows a write, and writes rest as long as they took. Far less than
 * PULSE_LATE_MS, so that a slightly slow MongoDB causes no blind spots.
 */
export const PULSE_EVERY_MS = 500;

/**
 * A replica whose pulses are further apart than this, in milliseconds, did not record in between: after a write of this duration, heartbeats are
 * refused.
 */
export const PULSE_LATE_MS = 2_000;

/**
 * A replica that begins or resumes recording longer than this after the latest pulse of any replica, in milliseconds, records a blind spot. Less
 * than PULSE_LATE_MS, since the gaps of repeated quick restarts add up.
 */
export const GAP_MS = 2 * PULSE_EVERY_MS;

/** After this long without a pulse, in milliseconds, the api counts as blind, whatever the nodes' timeout. */
export const LONGEST_PAUSE_MS = 5_000;

/**
 * Maximum age of the latest pulse while the api counts as recording, in milliseconds. A small part of a node's timeout, so that unnoticed blind
 * time cannot by itself exceed it.
 */
export function pulsePauseMs(disconnectTimeoutMs: number): number {
  return Math.min(LONGEST_PAUSE_MS, disconnectTimeoutMs / 4);
}
