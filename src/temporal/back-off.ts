import type { EpochMs } from '../../contract/states.js';

/** How long after a try the next one may come, for many things at once: 1 s, 2 s, 4 s, and a minute at most. */
export class BackOff {
  private readonly tries = new Map<string, { count: number; nextAt: EpochMs }>();

  /** How often `key` was tried. */
  count(key: string): number {
    return this.tries.get(key)?.count ?? 0;
  }

  isDue(key: string, now: EpochMs): boolean {
    return now >= (this.tries.get(key)?.nextAt ?? 0);
  }

  tried(key: string, now: EpochMs): void {
    const count = this.count(key) + 1;
    this.tries.set(key, { count, nextAt: now + Math.min(1_000 * 2 ** (count - 1), 60_000) });
  }

  /** Forgets whatever is not among `keys`. */
  keep(keys: Iterable<string>): void {
    const kept = new Set(keys);
    for (const key of this.tries.keys()) if (!kept.has(key)) this.tries.delete(key);
  }
}
