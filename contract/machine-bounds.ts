/**
 * Upper bounds of what one machine can report. Reports are summed over the fleet and compared with each other, so an impossible figure is
 * refused as the sender's error. Each bound is far above the largest machine on sale.
 */
export const MACHINE_BOUNDS = {
  /** Number of processors, possibly with a fraction. */
  cores: 65_536,
  /** A pebibyte. */
  memoryBytes: 1_024 ** 5,
  /** Of one filesystem. Network filesystems claim 8 EiB; this limit is what JSON parsers keep exactly. */
  diskBytes: Number.MAX_SAFE_INTEGER,
  gpus: 64,
  /** Established TCP connections. */
  connections: 1_000_000_000,
  /** Processes that run or wait; Linux has at most 4,194,304. */
  load: 10_000_000,
} as const;

/** A reported figure, limited to its bound. */
export function within(bound: number, figure: number): number {
  return Math.min(bound, Math.max(0, figure));
}
