import type { BenchCluster } from './bench-cluster.js';
import type { Load } from './load.js';
import type { LoadPlan, LoadResult } from './load-orders.js';
import { ProcessUsage, type Usage } from './process-usage.js';

export interface MeasuredLoad extends LoadResult {
  /** Beats per second. */
  rate: number;
  /** CPU time of each process per beat, in microseconds, including its other work. */
  usABeat: Record<string, number>;
  usage: Record<string, Usage>;
}

/** Puts the cluster under load, and measures what that takes of each of its processes (and of `others`, by name). */
export async function measuredLoad(
  cluster: BenchCluster,
  load: Load,
  plan: LoadPlan,
  others: Record<string, number> = {},
): Promise<MeasuredLoad> {
  const watch = new ProcessUsage({ ...cluster.pids, ...others, generator: load.pid });
  const began = performance.now();
  const result = await load.run(plan);
  const elapsed = (performance.now() - began) / 1_000;
  const usage = watch.end();
  const rate = result.beats / result.seconds;
  // The warm-up counts in one and not in the other, so rates are compared.
  const usABeat = Object.fromEntries(
    Object.entries(usage).map(([name, { cpuSeconds }]) => [name, (cpuSeconds / elapsed / rate) * 1e6]),
  );
  return { ...result, rate, usABeat, usage };
}

/** Refused beats by status; undefined if there were none. */
export function refusedBeats({ statuses, broken }: LoadResult): string | undefined {
  const others = Object.entries(statuses).filter(([status]) => status !== '200');
  if (others.length === 0 && broken === 0) return undefined;
  return [
    ...others.map(([status, count]) => `${status}×${count}`),
    ...(broken > 0 ? [`broken connections×${broken}`] : []),
  ].join(' ');
}
