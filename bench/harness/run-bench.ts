import { BenchCluster } from './bench-cluster.js';
import type { Bench, Parameters } from './bench.js';
import type { Machine } from './machine.js';
import type { Result } from './report.js';

/** Clusters that run: whatever becomes of this process, none of them stays behind. */
const running = new Set<BenchCluster>();
process.once('exit', () => {
  for (const cluster of running) cluster.kill();
});

/** Runs one bench, and ends all that it started. */
export async function runBench(bench: Bench, parameters: Parameters, size: 'whole' | 'small', machine: Machine, say: (line: string) => void): Promise<Result> {
  const began = performance.now();
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const findings = await bench.run(parameters, {
      say: (line) => say(`${bench.name}: ${line}`),
      startCluster: async (options) => {
        const cluster = await BenchCluster.start(options);
        running.add(cluster);
        ends.push(async () => {
          await cluster.stop();
          running.delete(cluster);
        });
        return cluster;
      },
      atEnd: (end) => ends.push(end),
    });
    return { bench: bench.name, shows: bench.shows, size, parameters, machine, date: new Date().toISOString(), seconds: (performance.now() - began) / 1_000, ...findings };
  } finally {
    for (const end of ends.toReversed()) await end().catch((error: unknown) => say(`${bench.name}: at its end: ${(error as Error).message}`));
  }
}
