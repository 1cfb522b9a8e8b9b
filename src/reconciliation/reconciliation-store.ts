import type { NodeRecord } from '../record/node-record.js';
import type { NodeAddress } from '../lifecycle/lifecycle-signals.js';

/** A node whose decision with this seq no workflow has applied. */
export interface Unapplied {
  uid: string;
  seq: number;
}

/** Backlog of decisions that no workflow has applied. */
export interface Backlog {
  /** Their number, up to 10,000. */
  unapplied: number;
  /** Age of the oldest, in milliseconds; 0 where there is none. */
  oldestMs: number;
}

/** A node for which records and workflow differ in the number of live sessions. */
export interface SessionDrift {
  uid: string;
  /** Number in the records. */
  recorded: number;
  /** Number in the workflow's last projection; 0 for a node without a workflow. */
  held: number;
}

/** A workflow's last projection, from the record. */
export interface ToldNode extends NodeAddress {
  run: string | undefined;
  phase: string;
  liveness: string;
  approval: string;
}

/** The reconciler's access to the record. */
export abstract class ReconciliationStore {
  abstract backlog(): Promise<Backlog>;

  /** Nodes whose latest decision is unapplied, oldest decision first, including removed nodes and excluding the uids in `except`. */
  abstract unapplied(except: readonly string[], limit: number): Promise<Unapplied[]>;

  /** Those of the given nodes whose latest decision is unapplied. */
  abstract stillUnapplied(uids: readonly string[]): Promise<Unapplied[]>;

  /** The existing ones of the given nodes, in any order. */
  abstract read(uids: readonly string[]): Promise<NodeRecord[]>;

  /** Marks a decision as applied that nobody is left to apply: the removed node has no workflow. */
  abstract settle(uid: string, seq: number): Promise<void>;

  /** The last projection of each living node that has one. */
  abstract told(): AsyncIterable<ToldNode>;

  /** Every living node that has a projection; the others are among the unapplied. */
  abstract begun(): AsyncIterable<NodeAddress>;

  /** Nodes for which records and workflow differ in the number of live sessions, including removed nodes. */
  abstract sessionDrifts(): Promise<SessionDrift[]>;

  /** Writes list keys that an older version left missing or outdated. @returns the number of mended nodes */
  abstract mendLists(): Promise<number>;

  /** Closes the session reports of removed nodes whose removal did not do so. */
  abstract endReportsOfRemoved(): Promise<void>;
}
