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
  /** The set is not to go on at the moment: this is wanted of it. */
  | { is: 'held'; ruling: DrainSetRuling }
  /** As many of the set's nodes are unavailable as may be. */
  | { is: 'full'; others: UnavailableOthers }
  | { is: 'over'; state: DrainMemberOutcome; reason: string };

/** What is asked of a look at a set's nodes. */
export interface DrainLookRequest {
  setId: string;
  /** Uids of nodes that drain, or are updated, as far as the set knows. */
  draining: string[];
  /** Uids of nodes whose drains the set may have begun without having heard so. */
  unsure: string[];
  /** The node whose turn is next; absent where none is to begin. */
  next?: string;
}

/** What a look at a set's nodes has found. */
export interface DrainLook {
  /** Of those that drained: those that are drained now, and whose agents are being updated. */
  updating?: string[];
  /** Of those that drained or were updated: those that are done. */
  over: { uid: string; state: DrainMemberOutcome; reason: string }[];
  /** Of those that were unsure: those that drain, and by which decision. */
  begun: { uid: string; seq: number }[];
  others: UnavailableOthers;
  /** The next node may not begin. */
  full: boolean;
}

export interface DrainSetNodes {
  /**
   * Deactivates the node in the name of whoever asked for the set, where the set is to go on and no more of its nodes are unavailable
   * then than may be. Asking twice is asking once.
   */
  begin(setId: string, node: DrainSetNode): Promise<DrainBeginning>;
  /** One read for all nodes of the set. */
  look(request: DrainLookRequest): Promise<DrainLook>;
  /** What the record has of the window that the set runs within. */
  window(setId: string): Promise<WindowLook>;
  /** Activates the node again where it still drains by decision `seq`, and nobody has decided about it since. Asking twice is asking once. */
  release(setId: string, node: DrainSetNode, seq: number): Promise<void>;
  /** Nothing is wanted of the node's agent any more, and the node is active again unless somebody has decided about it. Asking twice is asking once. */
  endUpdate(setId: string, node: DrainSetNode, outcome: { state: DrainMemberOutcome; reason: string }): Promise<void>;
  /** Rules that the set is held, where `seq` is still the latest ruling. @returns the latest ruling */
  hold(setId: string, seq: number): Promise<DrainSetRuling>;
}

export interface DrainSetPorts {
  drainSets: DrainSetProjectionStore;
  drainSetNodes: DrainSetNodes;
}
