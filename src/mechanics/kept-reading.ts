import type { EpochMs } from '../../contract/states.js';
import type { Clock } from './clock.js';

/** However many ask, it is read anew so often at most, in milliseconds, */
export const KEPT_FOR_MS = 1_500;
/** more seldom where reading takes long, so that it takes at most this part of the time, */
const READING_SHARE = 0.005;
/** and so often all the same, in milliseconds. */
const KEPT_FOR_AT_MOST_MS = 15_000;

/** Something of the whole fleet, as of a moment ago. */
export interface TimedReading<Value> {
  at: EpochMs;
  value: Promise<Value>;
}

/** What is dear to read is read once for all who ask within a while. */
export class KeptReading<Value> {
  private latest: (TimedReading<Value> & { of: unknown; freshForMs: number }) | undefined;

  constructor(
    private readonly read: (at: EpochMs) => Promise<Value>,
    private readonly clock: Clock,
  ) {}

  /** @param of where reading costs little, nobody is told what was read of something else */
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
        // A failure is told to those who asked, and not to those who ask after them.
        if (this.latest === reading) this.latest = undefined;
      },
    );
    return reading;
  }
}
