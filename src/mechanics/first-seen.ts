import type { EpochMs } from '../../contract/states.js';

/** When this process first saw things that others have written, by its own clock, so that differences of clocks do not matter. */
export class FirstSeen {
  private since: ReadonlyMap<string, EpochMs> = new Map();

  has(key: string): boolean {
    return this.since.has(key);
  }

  /** When each of `keys` was first seen. Other keys are forgotten. */
  seenSince(keys: readonly string[], now: EpochMs): ReadonlyMap<string, EpochMs> {
    this.since = new Map(keys.map((key) => [key, this.since.get(key) ?? now]));
    return this.since;
  }

  /** Those of `keys` that have been seen for `ms` milliseconds. Other keys are forgotten. */
  seenFor(ms: number, keys: readonly string[], now: EpochMs): ReadonlySet<string> {
    const since = this.seenSince(keys, now);
    return new Set(keys.filter((key) => now - (since.get(key) ?? now) >= ms));
  }
}
