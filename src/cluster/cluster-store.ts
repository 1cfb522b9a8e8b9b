import type { Observable } from 'rxjs';
import type { Quiet } from '../../contract/health.js';
import type { EpochMs } from '../../contract/states.js';
import type { NamedNodes, NodeTally } from './node-counts.js';

/** A changed node; the tally is null where it is removed. */
export interface TallyChange {
  uid: string;
  tally: NodeTally | null;
}

/** Sums over the nodes' last heartbeats. */
export interface HeartbeatSums {
  /** Number of quiet nodes. */
  warnings: number;
  /** Number of nodes that have been silent for longer than their timeout; they are left out of the sums. */
  overdue: number;
  resources: {
    cpuCores: number;
    cpuUsedCores: number;
    memoryTotalBytes: number;
    memoryUsedBytes: number;
    gpus: number;
  };
}

/** Living compute nodes that need attention for reasons that tallies do not show. */
export interface NeedyNodes {
  /** Uids of nodes with a copied identity. */
  copied: string[];
  lateDrain: number;
  unapplied: number;
  unfit: number;
}

export abstract class ClusterStore {
  /** Living nodes by uid: all, or those among `uids`. */
  abstract tallies(uids?: readonly string[]): Promise<Map<string, NodeTally>>;

  /**
   * Changes of what is counted, until the stream fails; it cannot be resumed.
   * @param following called once changes are followed: earlier ones may have been missed
   */
  abstract follow(following: () => void): Observable<TallyChange>;

  /** @param timeoutMs timeout of nodes with the configured interval, in milliseconds; for others it is stretched like their interval */
  abstract sumHeartbeats(of: NamedNodes, quiet: Quiet, timeoutMs: number): Promise<HeartbeatSums>;

  /** Nodes that need attention, found by partial indexes. */
  abstract needy(now: EpochMs): Promise<NeedyNodes>;

  /** Uids of nodes whose agents said goodbye and were not heard since, found by a partial index. */
  abstract stopped(): Promise<string[]>;

  /** Approximate number of living nodes, without counting them. */
  abstract fleetSize(): Promise<number>;
}
