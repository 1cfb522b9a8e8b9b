/** How a waiting look is repeated: often at first, and less often the longer it has waited. */
export interface LookPace {
  /** Between two looks, in milliseconds. */
  least: number;
  most: number;
  /** What has happened is noticed later by this part of the time that it took, at most. */
  lateBy: number;
}

/** Until the next look, in milliseconds, after `waitedMs` of at most `atMostMs`. */
export function pauseBeforeLook({ least, most, lateBy }: LookPace, waitedMs: number, atMostMs: number): number {
  return Math.min(Math.max(least, waitedMs * lateBy), most, atMostMs - waitedMs);
}
