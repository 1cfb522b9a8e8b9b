import type { Observable } from 'rxjs';
import type { Quiet } from '../../contract/health.js';
import type { EpochMs } from '../../contract/states.js';
import type { NamedNodes, NodeTally } from './node-counts.js';

/** A node that is counted anew; null where it does not live any more. */
export interface TallyChange {
  uid: string;
  tally: NodeTally | null;
}

/** What nodes last reported, added up. */
export interface HeartbeatSums {
  /** Nodes that are quiet. */
  warnings: number;
  /** Nodes that have been silent for longer than their timeout; what they have is not added up. */
  overdue: number;
  resources: {
    cpuCores: number;
    cpuUsedCores: number;
    memoryTotalBytes: number;
    memoryUsedBytes: number;
    gpus: number;
  };
}

/** Living nodes of type Compute that need somebody, as far as counting them by what they are does not tell. */
export interface NeedyNodes {
  /** Uids. */
  copied: string[];
  lateDrain: number;
  unapplied: number;
  unfit: number;
}

export abstract class ClusterStore {
  /** Living nodes, by uid: all, or those of `uids` that live. */
  abstract tallies(uids?: readonly string[]): Promise<Map<string, NodeTally>>;

  /**
   * Every change of what is counted, until it fails: nobody resumes where it ended.
   * @param following called once changes are followed: one before that may have been missed
   */
  abstract follow(following: () => void): Observable<TallyChange>;

  /** @param timeoutMs of nodes that beat as configured, in milliseconds; of the others it is stretched like their interval */
  abstract sumHeartbeats(of: NamedNodes, quiet: Quiet, timeoutMs: number): Promise<HeartbeatSums>;

  /** Without a look at any other node. */
  abstract needy(now: EpochMs): Promise<NeedyNodes>;

  /** Uids of nodes whose agents said goodbye, and were not heard since. Without a look at any other node. */
  abstract stopped(): Promise<string[]>;

  /** How many nodes live, roughly, without counting them. */
  abstract fleetSize(): Promise<number>;
}
