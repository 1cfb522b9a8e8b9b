import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LatencyFigures } from '../../contract/simulation.js';

type Send = typeof fetch;

const US_A_MS = 1_000;

/** Wraps fetch and counts the outcome of each request. */
export class RequestMeter {
  readonly answers: Record<string, Record<string, number>> = {};
  private readonly latencies = new Map<string, RecordableHistogram>();
  /** Heartbeats answered with 200. */
  beats = 0;

  constructor(private readonly send: Send) {}

  readonly fetch: Send = async (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input).pathname.replace(/^.*\/v1\/agent\//, '');
    const began = performance.now();
    try {
      const response = await this.send(input, init);
      this.count(asked, outcomeOf(response));
      if (asked === 'heartbeat' && response.status === 200) this.beats += 1;
      return response;
    } catch (error) {
      this.count(asked, failureOf(error));
      throw error;
    } finally {
      this.latencyOf(asked).record(Math.max(1, Math.round((performance.now() - began) * US_A_MS)));
    }
  };

  latency(): Record<string, LatencyFigures> {
    return Object.fromEntries([...this.latencies].map(([asked, histogram]) => [asked, figuresOf(histogram)]));
  }

  private count(asked: string, outcome: string): void {
    const counts = (this.answers[asked] ??= {});
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }

  private latencyOf(asked: string): RecordableHistogram {
    const known = this.latencies.get(asked);
    if (known) return known;
    const histogram = createHistogram();
    this.latencies.set(asked, histogram);
    return histogram;
  }
}

function figuresOf(histogram: RecordableHistogram): LatencyFigures {
  const { count } = histogram;
  if (count === 0) return { count, p50: null, p99: null, max: null };
  return {
    count,
    p50: histogram.percentile(50) / US_A_MS,
    p99: histogram.percentile(99) / US_A_MS,
    max: histogram.max / US_A_MS,
  };
}

/** A refusal to take load must have a Retry-After. */
function outcomeOf({ status, headers }: Response): string {
  return (status === 429 || status === 503) && !headers.has('retry-after')
    ? `${status} without Retry-After`
    : String(status);
}

/** One word for why there was no answer. fetch hides the reason in the cause of its error. */
function failureOf(error: unknown): string {
  // A signal that was aborted with a string rejects with that string.
  if (typeof error !== 'object' || error === null) return 'given up';
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  if (name === 'AbortError') return 'given up';
  if (typeof code === 'string') return code;
  return typeof cause === 'object' && cause !== null ? failureOf(cause) : (name ?? 'failed');
}
