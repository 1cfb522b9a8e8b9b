import type { Clock } from './clock.js';
import { BoundedCache } from './bounded-cache.js';

export interface BucketSize {
  /** How many at once. */
  burst: number;
  /** How many a second in the long run. */
  perSecond: number;
  /** Buckets that are kept at most; the one that was unused for longest goes first, and comes back full. */
  remembered: number;
}

/** What was in it when it was last looked at. */
export interface Bucket {
  left: number;
  filledAt: number;
}

/** How many tokens a bucket holds at this moment. */
export function contentOf(
  { left, filledAt }: Bucket,
  { burst, perSecond }: Pick<BucketSize, 'burst' | 'perSecond'>,
  now: number,
): number {
  // Filled in the future: the clock was set back since. Nobody waits until it has caught up.
  if (filledAt > now) return burst;
  const elapsedMs = now - filledAt;
  return Math.min(burst, left + (elapsedMs * perSecond) / 1_000);
}

/** How often something may happen, for each of many keys; kept in this process's memory, and bounded. */
export class TokenBuckets {
  private readonly buckets: BoundedCache<string, Bucket>;

  constructor(
    private readonly size: BucketSize,
    private readonly clock: Clock,
  ) {
    // A bucket that is full again says no more than none.
    this.buckets = new BoundedCache(size.remembered, (bucket) => contentOf(bucket, size, clock.now()) === size.burst);
  }

  /**
   * Takes `amount` of the key's, where there is so much; of more than a whole bucket, a whole one.
   * @returns 0, or how long until there is so much, in milliseconds
   */
  take(key: string, amount = 1): number {
    const waitMs = this.wait(key, amount);
    if (waitMs === 0) this.buckets.set(key, { left: this.left(key) - this.most(amount), filledAt: this.clock.now() });
    return waitMs;
  }

  /** How long until {@link take} would get so much, in milliseconds. */
  wait(key: string, amount = 1): number {
    const lacking = this.most(amount) - this.left(key);
    return lacking > 0 ? (lacking * 1_000) / this.size.perSecond : 0;
  }

  private most(amount: number): number {
    return Math.min(amount, this.size.burst);
  }

  private left(key: string): number {
    const bucket = this.buckets.get(key);
    return bucket === undefined ? this.size.burst : contentOf(bucket, this.size, this.clock.now());
  }
}
