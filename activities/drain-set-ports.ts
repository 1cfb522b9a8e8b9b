import type {
  DrainMemberOutcome,
  DrainSetMember,
  DrainSetNode,
  DrainSetRuling,
  DrainSetState,
  UnavailableOthers,
} from '../contract/drain-set.js';
import type { WindowLook } from '../contract/maintenance-window.js';
import type { EpochMs } from '../contract/states.js';

/** Ports of the drain sets' activities. */

/** Progress of a drain set, for the record. */
export interface DrainSetProjection {
  id: string;
  state: DrainSetState;
  revision: number;
  rulingSeq: number;
  at: EpochMs;
  /** Absent, as is `waiting`, in activities that an older worker has scheduled. */
  others?: UnavailableOthers;
  waiting?: boolean;
  /** The members that have changed since the projection before, by their place in the set. */
  changes: { index: number; member: DrainSetMember }[];
}

export interface DrainSetProjectionStore {
  /** Writes it where the stored revision is lower. A set that is not there is no error. */
  project(projection: DrainSetProjection): Promise<void>;
}

/** Outcome of an attempt to begin a node's drain. */
export type DrainBeginning =
  | { is: 'begun'; seq: number }
  /** The set must not go on now: `ruling` is in force. */
  | { is: 'held'; ruling: DrainSetRuling }
  /** The budget is used up. */
  | { is: 'full'; others: UnavailableOthers }
  | { is: 'over'; state: DrainMemberOutcome; reason: string };

/** Input of a look at a set's nodes. */
export interface DrainLookRequest {
  setId: string;
  /** Uids of nodes that drain, or are updated, as far as the set knows. */
  draining: string[];
  /** Uids of nodes whose drains the set may have begun without having heard so. */
  unsure: string[];
  /** The node whose turn is next; absent where none is to begin. */
  next?: string;
}

/** Findings of a look at a set's nodes. */
export interface DrainLook {
  /** Uids from `draining` of nodes that are drained now, and whose agents are being updated. */
  updating?: string[];
  /** Nodes from `draining` that are done. */
  over: { uid: string; state: DrainMemberOutcome; reason: string }[];
  /** Nodes from `unsure` that do drain, each with its decision's seq. */
  begun: { uid: string; seq: number }[];
  others: UnavailableOthers;
  /** Whether the budget keeps the next node from beginning. */
  full: boolean;
}

export interface DrainSetNodes {
  /** Deactivates the node in the name of the set's author, where the set is to go on and its budget allows it. Idempotent. */
  begin(setId: string, node: DrainSetNode): Promise<DrainBeginning>;
  /** One read for all nodes of the set. */
  look(request: DrainLookRequest): Promise<DrainLook>;
  /** What the record has of the window that the set runs within. */
  window(setId: string): Promise<WindowLook>;
  /** Activates the node again where it still drains by decision `seq` and no later decision exists. Idempotent. */
  release(setId: string, node: DrainSetNode, seq: number): Promise<void>;
  /** Ends the update of the node's agent, and activates the node unless a later decision exists. Idempotent. */
  endUpdate(setId: string, node: DrainSetNode, outcome: { state: DrainMemberOutcome; reason: string }): Promise<void>;
  /** Holds the set where `seq` is still its latest ruling. @returns the latest ruling */
  hold(setId: string, seq: number): Promise<DrainSetRuling>;
}

export interface DrainSetPorts {
  drainSets: DrainSetProjectionStore;
  drainSetNodes: DrainSetNodes;
}
