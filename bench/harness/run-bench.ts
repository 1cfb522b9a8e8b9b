import type { Bench, Parameters } from './bench.js';
import type { Clusters } from './clusters.js';
import type { Machine } from './machine.js';
import type { Result } from './report.js';

/** Runs one bench, and ends everything that it started. */
export async function runBench(
  bench: Bench,
  parameters: Parameters,
  size: 'whole' | 'small',
  machine: Machine,
  clusters: Clusters,
  say: (line: string) => void,
): Promise<Result> {
  const began = performance.now();
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const findings = await bench.run(parameters, {
      say: (line) => say(`${bench.name}: ${line}`),
      startCluster: async (options) => {
        const cluster = await clusters.start(options);
        ends.push(() => clusters.release(cluster));
        return cluster;
      },
      atEnd: (end) => ends.push(end),
    });
    return {
      bench: bench.name,
      shows: bench.shows,
      size,
      parameters,
      machine,
      date: new Date().toISOString(),
      seconds: (performance.now() - began) / 1_000,
      ...findings,
    };
  } finally {
    for (const end of ends.toReversed())
      await end().catch((error: unknown) => say(`${bench.name}: at its end: ${(error as Error).message}`));
  }
}
