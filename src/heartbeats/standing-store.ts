import type { LastHeartbeat } from './heartbeat-store.js';
import type { NodeSummary } from '../record/node-summary.js';

/** What has to be known of a node's last heartbeat to tell what the next one is. */
export type LastBeat = Pick<LastHeartbeat, 'bootId' | 'seq' | 'lastSeen' | 'earlierBoots'>;

/** A node in good standing: its credential is good, and nobody rejected or removed it; and what was last heard of it. */
export interface GoodStanding {
  summary: NodeSummary;
  /** Of the node's credential. */
  generation: number;
  /** Absent where it was never heard. */
  last?: LastBeat;
}

export abstract class StandingStore {
  /** By uid, many at once. Nodes that are in no good standing are absent. */
  abstract read(uids: readonly string[]): Promise<Map<string, GoodStanding>>;
}
