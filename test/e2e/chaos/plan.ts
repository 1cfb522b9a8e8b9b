/** Amount of chaos, and its maximum duration. */
export interface ChaosPlan {
  seed: number;
  /** Simulated agents, in addition to three real ones. */
  agents: number;
  administrators: number;
  /** The chaos ends when this many faults were inflicted and this many decisions acknowledged, not before. */
  faults: number;
  decisions: number;
  /** Or after this time, in milliseconds. */
  atMostMs: number;
  /** Maximum number of concurrent faults. */
  atOnce: number;
  /** Maximum time between two faults, in milliseconds. */
  restMs: number;
  /** Percentage of faults that last for longer than the timeouts. */
  longPercent: number;
}

/** For CI: under two minutes with its checks. */
export const SHORT: ChaosPlan = {
  seed: 20_261_121,
  agents: 40,
  administrators: 4,
  faults: 25,
  decisions: 40,
  atMostMs: 45_000,
  atOnce: 2,
  restMs: 2_500,
  longPercent: 0,
};

/** The plan of the figures in docs/reliability.md. */
export const LONG: ChaosPlan = {
  seed: 1,
  agents: 300,
  administrators: 20,
  faults: 500,
  decisions: 5_000,
  atMostMs: 45 * 60_000,
  atOnce: 2,
  restMs: 2_500,
  longPercent: 3,
};
