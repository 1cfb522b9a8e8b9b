import type { NodeRecord } from '../record/node-record.js';
import type { NodeAddress } from '../lifecycle/lifecycle-signals.js';

/** A node whose decision of this seq no workflow has applied. */
export interface Unapplied {
  uid: string;
  seq: number;
}

/** Decisions that no workflow has applied. */
export interface Backlog {
  /** At most 10,000. */
  unapplied: number;
  /** How long ago the oldest of them was committed, in milliseconds; 0 where there is none. */
  oldestMs: number;
}

/** A node of which records and workflow do not say the same number of live sessions. */
export interface SessionDrift {
  uid: string;
  /** In the records. */
  recorded: number;
  /** As the workflow said last; 0 of a node that has none. */
  held: number;
}

/** What a node's workflow last said, by the record. */
export interface ToldNode extends NodeAddress {
  run: string | undefined;
  phase: string;
  liveness: string;
  approval: string;
}

/** What the reconciler needs to know of the record. */
export abstract class ReconciliationStore {
  abstract backlog(): Promise<Backlog>;

  /** Nodes whose latest decision is not applied; removed ones too. Those of `except` left out, the oldest first. */
  abstract unapplied(except: readonly string[], limit: number): Promise<Unapplied[]>;

  /** Those of them whose latest decision is not applied. */
  abstract stillUnapplied(uids: readonly string[]): Promise<Unapplied[]>;

  /** Those that there are, in any order. */
  abstract read(uids: readonly string[]): Promise<NodeRecord[]>;

  /** Nobody is left to apply this decision (the removed node has no workflow): it is not looked for any more. */
  abstract settle(uid: string, seq: number): Promise<void>;

  /** Of every living node whose workflow has spoken, what it last said. */
  abstract told(): AsyncIterable<ToldNode>;

  /** Every living node whose workflow has spoken: the others wait for theirs among the unapplied. */
  abstract begun(): AsyncIterable<NodeAddress>;

  /** Where records and workflows differ in how many sessions live, removed nodes among them. */
  abstract sessionDrifts(): Promise<SessionDrift[]>;

  /** Gives living nodes what they are listed by where an older version has left them without, or with what was so before. @returns how many */
  abstract mendLists(): Promise<number>;

  /** Ends what is remembered of reports of nodes that do not live, where their removal did not. */
  abstract endReportsOfRemoved(): Promise<void>;
}
