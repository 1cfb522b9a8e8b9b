import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LatencyFigures } from '../../contract/simulation.js';

type Send = typeof fetch;

const US_A_MS = 1_000;

/**
 * Stands between the agents and fetch: lets so many requests through at once, and counts what becomes of each. Node's fetch opens a
 * connection wherever none is free, so the bound on requests is the bound on connections.
 */
export class RequestMeter {
  readonly answers: Record<string, Record<string, number>> = {};
  private readonly latencies = new Map<string, RecordableHistogram>();
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;
  /** Heartbeats that were answered with 200. */
  beats = 0;

  constructor(
    private readonly send: Send,
    private readonly connections: number,
  ) {}

  readonly fetch: Send = async (input, init) => {
    const request = new Request(input, init);
    const asked = new URL(request.url).pathname.replace(/^.*\/v1\/agent\//, '');
    if (this.underWay >= this.connections) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay += 1;
    const began = performance.now();
    try {
      request.signal.throwIfAborted();
      const response = await this.send(request);
      this.count(asked, outcomeOf(response));
      if (asked === 'heartbeat' && response.status === 200) this.beats += 1;
      return response;
    } catch (error) {
      this.count(asked, failureOf(error));
      throw error;
    } finally {
      this.latencyOf(asked).record(Math.max(1, Math.round((performance.now() - began) * US_A_MS)));
      // The place goes to who waits longest, without being free in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.underWay -= 1;
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
  return { count, p50: histogram.percentile(50) / US_A_MS, p99: histogram.percentile(99) / US_A_MS, max: histogram.max / US_A_MS };
}

/** Who turns agents away has to say for how long. */
function outcomeOf({ status, headers }: Response): string {
  return (status === 429 || status === 503) && !headers.has('retry-after') ? `${status} without Retry-After` : String(status);
}

/** One word for why there was no answer. fetch hides the reason in the cause of its error. */
function failureOf(error: unknown): string {
  // A signal that was aborted with a text rejects with that text.
  if (typeof error !== 'object' || error === null) return 'given up';
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  if (name === 'AbortError') return 'given up';
  if (typeof code === 'string') return code;
  return typeof cause === 'object' && cause !== null ? failureOf(cause) : (name ?? 'failed');
}
