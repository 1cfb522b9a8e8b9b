import { BenchCluster, type BenchClusterOptions } from './bench-cluster.js';

/** The clusters of one run. None of them survives this process. */
export class Clusters {
  private readonly running = new Map<BenchCluster, string>();

  /** @param shared benches that ask for the same cluster share it, with data of others in it, to save time when figures mean nothing */
  constructor(private readonly shared: boolean) {
    process.once('exit', () => {
      for (const cluster of this.running.keys()) cluster.kill();
    });
  }

  async start(options: BenchClusterOptions = {}): Promise<BenchCluster> {
    const wanted = JSON.stringify(options);
    const known = this.shared ? [...this.running].find(([, key]) => key === wanted)?.[0] : undefined;
    if (known) return known;
    const begun: BenchCluster[] = [];
    try {
      // Registered before any of its processes exists, since this process may be told to end while they start.
      return await BenchCluster.start(options, (cluster) => {
        begun.push(cluster);
        this.running.set(cluster, wanted);
      });
    } catch (error) {
      for (const cluster of begun) this.running.delete(cluster);
      throw error;
    }
  }

  /** Ends those of a finished bench; shared ones stay for the next. */
  async release(cluster: BenchCluster): Promise<void> {
    if (!this.shared) await this.stop(cluster);
  }

  async stopAll(): Promise<void> {
    for (const cluster of this.running.keys()) await this.stop(cluster);
  }

  private async stop(cluster: BenchCluster): Promise<void> {
    await cluster.stop();
    this.running.delete(cluster);
  }
}
