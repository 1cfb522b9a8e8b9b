import { createHistogram } from 'node:perf_hooks';

const US_A_MS = 1_000;

/** Durations in milliseconds, and their summary. */
export class Latencies {
  private readonly histogram = createHistogram();

  record(ms: number): void {
    this.histogram.record(Math.max(1, Math.round(ms * US_A_MS)));
  }

  get count(): number {
    return this.histogram.count;
  }

  /** Milliseconds; null if nothing was recorded. */
  percentile(percentile: number): number | null {
    return this.count === 0 ? null : round(this.histogram.percentile(percentile) / US_A_MS);
  }

  get max(): number | null {
    return this.count === 0 ? null : round(this.histogram.max / US_A_MS);
  }

  /** Does `work`, and records how long it took. */
  async time<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    const result = await work();
    this.record(performance.now() - began);
    return result;
  }
}

/** Rounded to three decimals; the rest is noise. */
export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
