import type { Clock } from '../clock.js';
import { BoundedCache } from './bounded-cache.js';

export interface BucketSize {
  /** How many at once. */
  burst: number;
  /** How many a second in the long run. */
  perSecond: number;
  /** Buckets that are kept at most; the one that was unused for longest goes first, and comes back full. */
  remembered: number;
}

interface Bucket {
  left: number;
  filledAt: number;
}

/** How often something may happen, for each of many keys; kept in this process's memory, and bounded. */
export class TokenBuckets {
  private readonly buckets: BoundedCache<string, Bucket>;

  constructor(
    private readonly size: BucketSize,
    private readonly clock: Clock,
  ) {
    // A bucket that is full again says no more than none.
    this.buckets = new BoundedCache(size.remembered, (bucket) => this.contentOf(bucket) === size.burst);
  }

  /** Takes one of the key's, where there is one. @returns 0, or how long until there is one, in milliseconds */
  take(key: string): number {
    const left = this.left(key);
    if (left < 1) return this.untilOne(left);
    this.buckets.set(key, { left: left - 1, filledAt: this.clock.now() });
    return 0;
  }

  /** How long until {@link take} would get one, in milliseconds. */
  wait(key: string): number {
    const left = this.left(key);
    return left < 1 ? this.untilOne(left) : 0;
  }

  private left(key: string): number {
    const bucket = this.buckets.get(key);
    return bucket === undefined ? this.size.burst : this.contentOf(bucket);
  }

  private contentOf({ left, filledAt }: Bucket): number {
    const elapsedMs = Math.max(0, this.clock.now() - filledAt);
    return Math.min(this.size.burst, left + (elapsedMs * this.size.perSecond) / 1_000);
  }

  private untilOne(left: number): number {
    return ((1 - left) * 1_000) / this.size.perSecond;
  }
}
