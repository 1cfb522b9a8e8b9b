/** How much chaos, and for how long at most. */
export interface ChaosPlan {
  seed: number;
  /** Simulated agents, beside three real ones. */
  agents: number;
  administrators: number;
  /** The chaos ends when so many faults were inflicted and so many decisions acknowledged, and not before. */
  faults: number;
  decisions: number;
  /** Or after so long, in milliseconds. */
  atMostMs: number;
  /** Faults under way at the same time, at most. */
  atOnce: number;
  /** Between two faults at most, in milliseconds. */
  restMs: number;
  /** Of a hundred faults, so many last for longer than the timeouts. */
  longPercent: number;
}

/** In CI: under two minutes with its checks. */
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

/** What the figures in docs/reliability.md are of. */
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
