import type { Clock } from './clock.js';
import { BoundedCache } from './bounded-cache.js';

export interface BucketSize {
  /** Capacity of a bucket. */
  burst: number;
  /** Refill rate. */
  perSecond: number;
  /** Maximum number of buckets kept; the least recently used is dropped, which refills it. */
  remembered: number;
}

/** A bucket's content when it was last used. */
export interface Bucket {
  left: number;
  filledAt: number;
}

/** Number of tokens in a bucket now. */
export function contentOf(
  { left, filledAt }: Bucket,
  { burst, perSecond }: Pick<BucketSize, 'burst' | 'perSecond'>,
  now: number,
): number {
  // A time in the future means that the clock was set back: refill at once instead of waiting for it to catch up.
  if (filledAt > now) return burst;
  const elapsedMs = now - filledAt;
  return Math.min(burst, left + (elapsedMs * perSecond) / 1_000);
}

/** Rate limits per key, in this process's memory, with a bounded number of keys. */
export class TokenBuckets {
  private readonly buckets: BoundedCache<string, Bucket>;

  constructor(
    private readonly size: BucketSize,
    private readonly clock: Clock,
  ) {
    // A full bucket is equivalent to none.
    this.buckets = new BoundedCache(size.remembered, (bucket) => contentOf(bucket, size, clock.now()) === size.burst);
  }

  /**
   * Takes `amount` tokens of the key, capped at the bucket's capacity, where there are enough.
   * @returns 0, or the time until there are enough, in milliseconds
   */
  take(key: string, amount = 1): number {
    const waitMs = this.wait(key, amount);
    if (waitMs === 0) this.buckets.set(key, { left: this.left(key) - this.most(amount), filledAt: this.clock.now() });
    return waitMs;
  }

  /** Time until {@link take} would succeed, in milliseconds. */
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
