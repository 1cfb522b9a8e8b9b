import type { DrainMemberOutcome, DrainSetMember, DrainSetNode, DrainSetRuling, DrainSetState } from '../contract/drain-set.js';
import type { EpochMs } from '../contract/states.js';
import type { ActivityPulse } from './activity-pulse.js';

/** What the activities of drain sets need of the world, named by need. */

/** How far a drain set has come, to be written where people read. */
export interface DrainSetProjection {
  id: string;
  state: DrainSetState;
  revision: number;
  rulingSeq: number;
  at: EpochMs;
  /** The members that have changed since the projection before, by their place in the set. */
  changes: { index: number; member: DrainSetMember }[];
}

export interface DrainSetProjectionStore {
  /** Writes it where the stored revision is lower. A set that is not there is no error. */
  project(projection: DrainSetProjection): Promise<void>;
}

/** What came of wanting to begin a node's drain. */
export type DrainBeginning =
  | { is: 'begun'; seq: number }
  /** The set is not to go on at the moment: this is wanted of it. */
  | { is: 'held'; ruling: DrainSetRuling }
  | { is: 'over'; state: DrainMemberOutcome; reason: string };

/** Where a node's drain stands. */
export type DrainStanding = { is: 'draining' } | { is: 'over'; state: DrainMemberOutcome; reason: string };

export interface DrainSetNodes {
  /** Deactivates the node in the name of whoever asked for the set, where the set is to go on. Asking twice is asking once. */
  begin(setId: string, node: DrainSetNode): Promise<DrainBeginning>;
  standing(setId: string, node: DrainSetNode): Promise<DrainStanding>;
  /** Activates the node again where it still drains by decision `seq`, and nobody has decided about it since. Asking twice is asking once. */
  release(setId: string, node: DrainSetNode, seq: number): Promise<void>;
}

export interface DrainSetPorts {
  drainSets: DrainSetProjectionStore;
  drainSetNodes: DrainSetNodes;
  pulse: Pick<ActivityPulse, 'rest'>;
}
