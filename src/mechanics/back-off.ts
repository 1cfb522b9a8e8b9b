import type { EpochMs } from '../../contract/states.js';

const PAUSE = { firstMs: 1_000, mostMs: 60_000 };

interface Tries {
  count: number;
  lastAt: EpochMs;
  nextAt: EpochMs;
  taken: boolean;
}

/**
 * How long to wait after so many tries, in milliseconds: twice as long each time.
 * @param tries 1 and more
 */
export function growingPauseMs(tries: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }): number {
  return Math.min(firstMs * 2 ** (tries - 1), mostMs);
}

/** How long after a try the next one may come, for many things at once: 1 s, 2 s, 4 s, and a minute at most. */
export class BackOff {
  private readonly tries = new Map<string, Tries>();

  /** How often `key` was tried. */
  count(key: string): number {
    return this.tries.get(key)?.count ?? 0;
  }

  isDue(key: string, now: EpochMs): boolean {
    return now >= (this.tries.get(key)?.nextAt ?? 0);
  }

  /** All that were tried and not forgotten. */
  keys(): string[] {
    return [...this.tries.keys()];
  }

  /** How many were last tried after `since`, and taken then. */
  takenAfter(since: EpochMs): number {
    let number = 0;
    for (const { lastAt, taken } of this.tries.values()) if (taken && lastAt > since) number += 1;
    return number;
  }

  /**
   * @param leastMs the next try comes no sooner, in milliseconds
   * @param taken whether whoever was told took it; what comes of it is another matter
   */
  tried(key: string, now: EpochMs, { leastMs = 0, taken = true }: { leastMs?: number; taken?: boolean } = {}): void {
    const count = this.count(key) + 1;
    const waitMs = Math.max(leastMs, growingPauseMs(count, PAUSE));
    this.tries.set(key, { count, lastAt: now, nextAt: now + waitMs, taken });
  }

  /** Forgets whatever is not among `keys`. */
  keep(keys: Iterable<string>): void {
    const kept = new Set(keys);
    for (const key of this.tries.keys()) if (!kept.has(key)) this.tries.delete(key);
  }
}
