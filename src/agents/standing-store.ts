import type { EpochMs } from '../../contract/states.js';
import type { NodeStanding } from './node-standing.js';

/** A node in good standing: its credential is good, and nobody rejected or removed it; and what was last heard of it. */
export interface GoodStanding {
  standing: NodeStanding;
  /** Of the node's credential. */
  generation: number;
  last: { bootId: string; seq: number; lastSeen: EpochMs };
}

export abstract class StandingStore {
  /** By uid, many at once. Nodes that are in no good standing, or were never heard, are absent. */
  abstract read(uids: readonly string[]): Promise<Map<string, GoodStanding>>;
}
