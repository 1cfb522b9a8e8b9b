import type { EpochMs } from '../../contract/states.js';

const PAUSE = { firstMs: 1_000, mostMs: 60_000 };

interface Tries {
  count: number;
  lastAt: EpochMs;
  nextAt: EpochMs;
  taken: boolean;
}

/**
 * Exponential back-off: the pause after `tries` attempts, in milliseconds, doubled each time.
 * @param tries at least 1
 */
export function growingPauseMs(tries: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }): number {
  return Math.min(firstMs * 2 ** (tries - 1), mostMs);
}

/** Back-off for many keys: 1 s, 2 s, 4 s and so on between attempts, a minute at most. */
export class BackOff {
  private readonly tries = new Map<string, Tries>();

  /** Number of attempts of `key`. */
  count(key: string): number {
    return this.tries.get(key)?.count ?? 0;
  }

  isDue(key: string, now: EpochMs): boolean {
    return now >= (this.tries.get(key)?.nextAt ?? 0);
  }

  /** Keys that were tried and not forgotten. */
  keys(): string[] {
    return [...this.tries.keys()];
  }

  /** Number of keys whose last attempt was after `since` and was accepted. */
  takenAfter(since: EpochMs): number {
    let number = 0;
    for (const { lastAt, taken } of this.tries.values()) if (taken && lastAt > since) number += 1;
    return number;
  }

  /**
   * Records an attempt.
   * @param leastMs minimum pause before the next attempt, in milliseconds
   * @param taken whether the attempt was accepted, whatever its outcome
   */
  tried(key: string, now: EpochMs, { leastMs = 0, taken = true }: { leastMs?: number; taken?: boolean } = {}): void {
    const count = this.count(key) + 1;
    const waitMs = Math.max(leastMs, growingPauseMs(count, PAUSE));
    this.tries.set(key, { count, lastAt: now, nextAt: now + waitMs, taken });
  }

  /** Forgets all keys but these. */
  keep(keys: Iterable<string>): void {
    const kept = new Set(keys);
    for (const key of this.tries.keys()) if (!kept.has(key)) this.tries.delete(key);
  }
}
