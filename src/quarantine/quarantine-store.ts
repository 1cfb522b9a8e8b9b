import type { Judged } from '../../contract/quarantine.js';

/** Living nodes with this label, or all. */
export interface Among {
  label?: { key: string; value: string };
}

/** A node of whose checks somebody may not have heard. */
export interface NodeToJudge extends Judged {
  uid: string;
  name: string;
  isHeldBack: boolean;
}

/** Nodes that checks have taken out, and those that they would. */
export abstract class QuarantineStore {
  /** Within a unit of work: whoever else counts at the same time begins again, and counts what this one has done. */
  abstract claim(): Promise<void>;

  /** How many checks have taken out. */
  abstract countOut(among: Among): Promise<number>;

  /** How many are approved: what a part is taken of. */
  abstract countApproved(among: Among): Promise<number>;

  /** How many wait for the budget. */
  abstract countHeldBack(): Promise<number>;

  /** HEALTHY nodes that are out by a check and, where asked for, those of which a check says UNFIT. */
  abstract toJudge(options: { unfit: boolean }): AsyncIterable<NodeToJudge>;
}
