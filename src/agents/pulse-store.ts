import type { EpochMs } from '../../contract/states.js';

/**
 * The api's own sign of life. While no replica can record heartbeats, no node can be heard, and none may be blamed for
 * that: the time without a pulse is written down as a blind spot.
 */
export abstract class PulseStore {
  /** This replica is recording heartbeats at `at`. */
  abstract beat(replica: string, at: EpochMs): Promise<void>;

  /**
   * Recording begins, or begins again after it failed: writes down for how long no replica was recording, and beats.
   * @returns the blind spot, where there was one.
   */
  abstract resume(replica: string, at: EpochMs): Promise<{ from: EpochMs; to: EpochMs } | null>;
}

/** Without a pulse for this long, in milliseconds, the api is blind. Pulses come every second. */
export const PULSE_FRESH_MS = 5_000;
