/** Pace of polling: frequent at first, and less so the longer it has waited. */
export interface LookPace {
  /** Minimum time between two looks, in milliseconds. */
  least: number;
  most: number;
  /** Maximum delay of noticing an event, as a share of the time until it happened. */
  lateBy: number;
}

/** Pause before the next look, in milliseconds, after waiting `waitedMs` of at most `atMostMs`. */
export function pauseBeforeLook({ least, most, lateBy }: LookPace, waitedMs: number, atMostMs: number): number {
  return Math.min(Math.max(least, waitedMs * lateBy), most, atMostMs - waitedMs);
}
