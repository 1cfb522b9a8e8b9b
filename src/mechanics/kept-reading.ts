import type { EpochMs } from '../../contract/states.js';
import type { Clock } from './clock.js';

/** Minimum time between two readings, in milliseconds. */
export const KEPT_FOR_MS = 1_500;
/** Maximum share of the time that is spent on reading: a slow reading is repeated less often, */
const READING_SHARE = 0.005;
/** but at least this often, in milliseconds. */
const KEPT_FOR_AT_MOST_MS = 15_000;

/** A value with its time. */
export interface TimedReading<Value> {
  at: EpochMs;
  value: Promise<Value>;
}

/** Caches an expensive reading for a while, for all callers. */
export class KeptReading<Value> {
  private latest: (TimedReading<Value> & { of: unknown; freshForMs: number }) | undefined;

  constructor(
    private readonly read: (at: EpochMs) => Promise<Value>,
    private readonly clock: Clock,
  ) {}

  /** @param of identifies the subject: where reading is cheap, a reading of another subject is not reused */
  current(of?: unknown): TimedReading<Value> {
    const now = this.clock.now();
    const known = this.latest;
    const isOutdated = known?.freshForMs === KEPT_FOR_MS && known.of !== of;
    if (known !== undefined && now - known.at < known.freshForMs && !isOutdated) return known;
    const reading = { at: now, of, freshForMs: Number.POSITIVE_INFINITY, value: this.read(now) };
    this.latest = reading;
    reading.value.then(
      () => {
        const tookMs = this.clock.now() - now;
        reading.freshForMs = Math.min(KEPT_FOR_AT_MOST_MS, Math.max(KEPT_FOR_MS, tookMs / READING_SHARE));
      },
      () => {
        // A failure is not cached.
        if (this.latest === reading) this.latest = undefined;
      },
    );
    return reading;
  }
}
