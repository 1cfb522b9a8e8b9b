import { TokenBuckets } from '../mechanics/token-buckets.js';
import type { Clock } from '../mechanics/clock.js';

/** Starts under way at the same time. */
const AT_ONCE = 16;
/**
 * A small cluster's nodes all start at once; what a crowd leaves over is the reconciler's, which follows the worker's pace. These here
 * do not: they are to be few beside what a worker gets through that is busy with the crowd's other needs.
 */
const RATE = { burst: 40, perSecond: 2, remembered: 1 };

/** Which new nodes' workflows this replica starts itself, so that whoever joins in a crowd does not wait for Temporal. */
export class StartPacing {
  private readonly rate: TokenBuckets;
  private underWay = 0;

  constructor(clock: Clock) {
    this.rate = new TokenBuckets(RATE, clock);
  }

  /** Starts it, where it is not one of too many. @returns whether it was */
  async tryTo(start: () => Promise<void>): Promise<boolean> {
    if (this.underWay >= AT_ONCE || this.rate.take('') > 0) return false;
    this.underWay += 1;
    try {
      await start();
      return true;
    } finally {
      this.underWay -= 1;
    }
  }
}
