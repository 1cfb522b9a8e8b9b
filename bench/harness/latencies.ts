import { createHistogram } from 'node:perf_hooks';

const US_A_MS = 1_000;

/** Times, in milliseconds, and what they come to. */
export class Latencies {
  private readonly histogram = createHistogram();

  record(ms: number): void {
    this.histogram.record(Math.max(1, Math.round(ms * US_A_MS)));
  }

  get count(): number {
    return this.histogram.count;
  }

  /** Milliseconds; null where nothing was recorded. */
  percentile(percentile: number): number | null {
    return this.count === 0 ? null : round(this.histogram.percentile(percentile) / US_A_MS);
  }

  get max(): number | null {
    return this.count === 0 ? null : round(this.histogram.max / US_A_MS);
  }

  /** Does it, and records how long it took. */
  async time<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    const result = await work();
    this.record(performance.now() - began);
    return result;
  }
}

/** To three digits behind the point: what is beyond them is noise. */
export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
