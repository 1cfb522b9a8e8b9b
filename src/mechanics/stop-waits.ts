/**
 * How long a shutdown waits for each of its parts, in milliseconds, since a server may hang and its driver retry. The parts follow each other, with
 * requests being answered in between, and the process ends by STOP_WITHIN_MS in any case.
 */
export const STOP_WAITS_MS = {
  /** For the last rounds of repeated work, which are ended together, and for leases and goodbyes. */
  rounds: 3_000,
  /** For storing a token of the installation. */
  tokens: 1_000,
  /** For writing points of plots. */
  plots: 2_000,
  /** For writing heartbeats. */
  heartbeats: 5_000,
  /** For closing MongoDB's connection. */
  connection: 2_000,
} as const;
