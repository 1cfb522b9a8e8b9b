/**
 * How long a stop waits for each of its parts, in milliseconds: a server may hang, and its driver tries again. The parts come one after the
 * other, with the requests that are still being answered in between, and the process ends by STOP_WITHIN_MS whatever they do.
 */
export const STOP_WAITS_MS = {
  /** For the last round of repeated work, and for leases and goodbyes. All rounds are ended at once. */
  rounds: 3_000,
  /** For a token of the installation that is just being stored. */
  tokens: 1_000,
  /** For points of the plots. */
  plots: 2_000,
  /** For heartbeats. */
  heartbeats: 5_000,
  /** For MongoDB to be told that its client leaves. */
  connection: 2_000,
} as const;
