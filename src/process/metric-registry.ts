import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Gauges that prom-client calls totals; the same is told by type under the name without `_total`. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What is counted under one value of a label. */
export interface Count {
  inc(by?: number): void;
}

/**
 * All that Prometheus is told of one process. Whoever does the work makes the metric that measures it, here. No label holds a node's name:
 * the number of series must not grow with the fleet. See docs/adr/0035.
 */
export class MetricRegistry extends Registry {
  private readonly refreshers: (() => Promise<void>)[] = [];

  /** With those of the process itself: CPU, memory, garbage collection, how late the event loop is. */
  static ofThisProcess(): MetricRegistry {
    const registry = new MetricRegistry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
    return registry;
  }

  /** @param refresh sets gauges before each scrape is answered; must not reject, and answers in time */
  beforeScrape(refresh: () => Promise<void>): void {
    this.refreshers.push(refresh);
  }

  override async metrics(): Promise<string> {
    await Promise.all(this.refreshers.map((refresh) => refresh()));
    return super.metrics();
  }

  counter<Label extends string = never>(
    name: `rollcall_${string}_total`,
    help: string,
    labelNames: Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this] });
  }

  /** One count for each value of a label. Each is 0 from the beginning, so that its first increase is one. */
  counts<Value extends string>(
    name: `rollcall_${string}_total`,
    help: string,
    label: string,
    values: readonly Value[],
  ): Readonly<Record<Value, Count>> {
    const counter = this.counter(name, help, [label]);
    const counts = values.map((value) => {
      const child = counter.labels(value);
      child.inc(0);
      return [value, child];
    });
    return Object.fromEntries(counts) as Record<Value, Count>;
  }

  /** @param read asked at each scrape; without it whoever made the gauge sets it */
  gauge<Label extends string = never>(
    name: `rollcall_${string}`,
    help: string,
    { labels = [], read }: { labels?: Label[]; read?: () => number } = {},
  ): Gauge<Label> {
    return new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this],
      ...(read && {
        collect() {
          this.set(read());
        },
      }),
    });
  }

  /** @param buckets their upper bounds, in seconds */
  histogram<Label extends string = never>(
    name: `rollcall_${string}_seconds`,
    help: string,
    buckets: readonly number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this] });
  }
}
