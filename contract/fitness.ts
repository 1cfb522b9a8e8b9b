import type { EpochMs } from './states.js';

/**
 * Whether a node is fit for work, by what its checks say. It is no axis: liveness says that heartbeats arrive, fitness what is wrong with the node,
 * and neither moves the other.
 */
export const FITNESSES = [
  /** The check passed. */
  'FIT',
  /** The check failed. */
  'UNFIT',
  /** The check cannot say: what it looks for is not here, it did not end in time, or it has not run yet. */
  'UNKNOWN',
] as const;
export type Fitness = (typeof FITNESSES)[number];

/** The fitness of a word that a newer agent may have. */
export function fitnessOf(word: string): Fitness {
  return FITNESSES.find((fitness) => fitness === word) ?? 'UNKNOWN';
}

/** The reason of a check that has not run since its agent was started: what it said before is not taken back for that. */
export const NOT_RUN_YET = 'NotRunYet';

/** How many checks a node may have. */
export const MOST_CHECKS = 16;

/** What a check, and the condition that it makes, is called. */
export const CHECK_NAME_PATTERN = /^[a-z](?:[a-z0-9-]{0,29}[a-z0-9])?$/;

/** Longest texts of a condition, in bytes: all of a node's conditions fit into a heartbeat. */
export const CONDITION_BYTES = { reason: 64, message: 256, by: 128 } as const;

/** The checks that the agent brings: what each looks at, and from which limit on the node is unfit. */
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

/** Undefined where it has none. */
export function usualLimit(check: BuiltInCheck): number | undefined {
  const about: { limit?: number; means: string } = BUILT_IN_CHECKS[check];
  return about.limit;
}

/** Those that look at paths. */
export const CHECKS_OF_PATHS: readonly BuiltInCheck[] = ['disk', 'inodes', 'read-only', 'container'];

/** What one check says of a node: its fitness in one respect, since when, why, and what found it. */
export interface NodeCondition {
  /** The check's name. */
  type: string;
  status: Fitness;
  since: EpochMs;
  /** In one word, for programs. */
  reason: string;
  /** For people. */
  message: string;
  /** `built-in`, or the path of a program. */
  by: string;
}
