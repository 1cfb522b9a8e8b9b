import type { mongo } from 'mongoose';
import type { BenchCluster } from './bench-cluster.js';
import { Latencies } from './latencies.js';

interface StoredEvent {
  uid: string;
  node: string;
  type: string;
}

/** Detects by a change stream when the record first says that a node is UNHEALTHY, which is when anybody could know. */
export class Detection {
  /** Time from a node's last heartbeat until it is found, for killed nodes. */
  readonly times = new Latencies();
  /** Nodes that were found but not killed. */
  readonly falseAlarms: string[] = [];
  private readonly seen = new Map<string, { uid: string; at: number }>();
  private readonly stream: mongo.ChangeStream<StoredEvent>;
  private killed: ReadonlySet<string> = new Set();

  private constructor(private readonly cluster: BenchCluster) {
    this.stream = cluster.db
      .collection<StoredEvent>('events')
      .watch<StoredEvent>([{ $match: { operationType: 'insert', 'fullDocument.type': 'NodeUnhealthy' } }]);
  }

  /** Starts watching. */
  static async begin(cluster: BenchCluster): Promise<Detection> {
    const detection = new Detection(cluster);
    // The server holds the cursor after this, so later changes are seen.
    await detection.stream.tryNext();
    void detection.watch();
    return detection;
  }

  /** Sets the killed nodes that have to be found. */
  expect(killed: readonly string[]): void {
    this.killed = new Set(killed);
  }

  get found(): number {
    return this.seen.size;
  }

  private async watch(): Promise<void> {
    try {
      for await (const change of this.stream) if (change.operationType === 'insert') this.see(change.fullDocument);
    } catch {
      // The stream breaks when it is closed, as intended.
    }
  }

  private see({ node, uid }: StoredEvent): void {
    if (this.killed.has(node)) this.seen.set(node, { uid, at: Date.now() });
    else this.falseAlarms.push(node);
  }

  /** Resolves once all pending changes have been seen. */
  async end(): Promise<void> {
    await this.stream.close();
    const uids = [...this.seen.values()].map(({ uid }) => uid);
    const beats = await this.cluster.db
      .collection<{ _id: string; lastSeen: number }>('heartbeats')
      .find({ _id: { $in: uids } })
      .toArray();
    const lastSeen = new Map(beats.map((beat) => [beat._id, beat.lastSeen]));
    for (const { uid, at } of this.seen.values()) this.times.record(at - (lastSeen.get(uid) ?? at));
  }
}
