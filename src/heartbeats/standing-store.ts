import type { LastHeartbeat } from './heartbeat-store.js';
import type { NodeSummary } from '../record/node-summary.js';

/** The part of a node's last heartbeat that the next one is judged by. */
export type LastBeat = Pick<LastHeartbeat, 'bootId' | 'seq' | 'lastSeen' | 'earlierBoots'>;

/** A node in good standing, that is with a valid credential and neither rejected nor removed, and its last heartbeat. */
export interface GoodStanding {
  summary: NodeSummary;
  /** Generation of the node's credential. */
  generation: number;
  /** Absent where it was never heard. */
  last?: LastBeat;
}

export abstract class StandingStore {
  /** Nodes in good standing, by uid; others are absent. */
  abstract read(uids: readonly string[]): Promise<Map<string, GoodStanding>>;
}
