import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Gauges that prom-client misnames as totals; the same figures exist by type under the name without `_total`. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** A count under one value of a label. */
export interface Count {
  inc(by?: number): void;
}

/**
 * All metrics of one process. Classes define the metrics of their own work here. No label contains a node's name, since the number of series must not grow
 * with the fleet. See docs/adr/0035.
 */
export class MetricRegistry extends Registry {
  private readonly refreshers: (() => Promise<void>)[] = [];

  /** A registry with metrics of the process itself: CPU, memory, garbage collection, event loop lag. */
  static ofThisProcess(): MetricRegistry {
    const registry = new MetricRegistry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
    return registry;
  }

  /** @param refresh sets gauges before each scrape; must not reject, and must be quick */
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

  /** Creates a counter with one series per value of a label, all starting at 0, so that the first increase shows as a rate. */
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

  /** @param read called at each scrape; without it, the caller sets the gauge */
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

  /** @param buckets upper bounds, in seconds */
  histogram<Label extends string = never>(
    name: `rollcall_${string}_seconds`,
    help: string,
    buckets: readonly number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this] });
  }
}
