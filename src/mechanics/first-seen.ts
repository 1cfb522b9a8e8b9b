import type { EpochMs } from '../../contract/states.js';

/**
 * Since when this process has seen things that others wrote down, by its own clock: theirs may differ from it by as much as they
 * like.
 */
export class FirstSeen {
  private since: ReadonlyMap<string, EpochMs> = new Map();

  has(key: string): boolean {
    return this.since.has(key);
  }

  /** Since when each of `keys` has been there, whenever that was looked for. What is not among them is forgotten. */
  seenSince(keys: readonly string[], now: EpochMs): ReadonlyMap<string, EpochMs> {
    this.since = new Map(keys.map((key) => [key, this.since.get(key) ?? now]));
    return this.since;
  }

  /** Those of `keys` that have been there for `ms` milliseconds. What is not among them is forgotten. */
  seenFor(ms: number, keys: readonly string[], now: EpochMs): ReadonlySet<string> {
    const since = this.seenSince(keys, now);
    return new Set(keys.filter((key) => now - (since.get(key) ?? now) >= ms));
  }
}
