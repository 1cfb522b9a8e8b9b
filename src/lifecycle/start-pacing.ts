import { TokenBuckets } from '../mechanics/token-buckets.js';
import type { Clock } from '../mechanics/clock.js';

/** Maximum number of concurrent starts. */
const AT_ONCE = 16;
/**
 * Rate of starts. The burst covers a small cluster; a crowd's remaining starts are left to the reconciler, which is paced by the worker. Starts
 * from here are not, so they have to stay few compared with a busy worker's throughput.
 */
const RATE = { burst: 40, perSecond: 2, remembered: 1 };

/** Limits how many new nodes' workflows this replica starts itself, so that joining in a crowd does not wait for Temporal. */
export class StartPacing {
  private readonly rate: TokenBuckets;
  private underWay = 0;

  constructor(clock: Clock) {
    this.rate = new TokenBuckets(RATE, clock);
  }

  /** Runs `start` unless it would exceed the limits. @returns whether it ran */
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
