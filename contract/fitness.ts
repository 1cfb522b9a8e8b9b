import type { EpochMs } from './states.js';

/**
 * Whether a node is fit for work, according to its checks. It is not an axis: liveness says that heartbeats arrive, fitness what is wrong with
 * the node, and neither moves the other.
 */
export const FITNESSES = [
  /** The check passed. */
  'FIT',
  /** The check failed. */
  'UNFIT',
  /** The check cannot tell: what it looks at is missing, it did not end in time, or it has not run yet. */
  'UNKNOWN',
] as const;
export type Fitness = (typeof FITNESSES)[number];

/** The fitness for a word that may come from a newer agent. */
export function fitnessOf(word: string): Fitness {
  return FITNESSES.find((fitness) => fitness === word) ?? 'UNKNOWN';
}

/** The reason of a check that has not run since its agent started; its earlier result stays in force. */
export const NOT_RUN_YET = 'NotRunYet';

/** Maximum number of a node's checks. */
export const MOST_CHECKS = 16;

/** Name of a check and its condition. */
export const CHECK_NAME_PATTERN = /^[a-z](?:[a-z0-9-]{0,29}[a-z0-9])?$/;

/** Maximum lengths of a condition's texts, in bytes, so that all conditions of a node fit into a heartbeat. */
export const CONDITION_BYTES = { reason: 64, message: 256, by: 128 } as const;

/** The built-in checks: what each looks at, and its default limit. */
export const BUILT_IN_CHECKS = {
  disk: { limit: 0.05, means: 'less than this part of the space of one of `Paths` is available' },
  inodes: { limit: 0.02, means: 'less than this part of the inodes of one of `Paths` is free' },
  'read-only': { means: 'the filesystem that holds one of `Paths` is read-only' },
  memory: {
    limit: 20,
    means: 'all work stood still for want of memory for this percentage of the last minute, and more',
  },
  load: { limit: 4, means: 'more than this load average over five minutes for each core' },
  clock: { limit: 5, means: "the machine's clock differs from the api's by more than these seconds" },
  units: { limit: 0, means: 'more than so many units of systemd have failed' },
  gpu: {
    limit: 90,
    means: 'an NVIDIA GPU is gone, has uncorrected memory errors, or is hotter than so many degrees Celsius',
  },
  container: { means: "the container runtime's socket, one of `Paths`, is there and takes no connection" },
} as const satisfies Record<string, { limit?: number; means: string }>;
export type BuiltInCheck = keyof typeof BUILT_IN_CHECKS;
export const BUILT_IN_NAMES = Object.keys(BUILT_IN_CHECKS) as [BuiltInCheck, ...BuiltInCheck[]];

/** Undefined if it has none. */
export function usualLimit(check: BuiltInCheck): number | undefined {
  const about: { limit?: number; means: string } = BUILT_IN_CHECKS[check];
  return about.limit;
}

/** Checks that look at paths. */
export const CHECKS_OF_PATHS: readonly BuiltInCheck[] = ['disk', 'inodes', 'read-only', 'container'];

/** The result of one check of a node: its fitness in one respect, since when, why, and by which check. */
export interface NodeCondition {
  /** The check's name. */
  type: string;
  status: Fitness;
  since: EpochMs;
  /** One word for programs. */
  reason: string;
  /** For people. */
  message: string;
  /** `built-in`, or the path of a program. */
  by: string;
}
