import type { Judged } from '../../contract/quarantine.js';

/** Living nodes with this label, or all. */
export interface Among {
  label?: { key: string; value: string };
}

/** A node whose workflow may have missed a change of its conditions. */
export interface NodeToJudge extends Judged {
  uid: string;
  name: string;
  isHeldBack: boolean;
}

/** Nodes that checks have taken out or would take out. */
export abstract class QuarantineStore {
  /** Serializes counting within a unit of work: a concurrent one is retried, and counts what this one has done. */
  abstract claim(): Promise<void>;

  /** Number of nodes that checks have taken out. */
  abstract countOut(among: Among): Promise<number>;

  /** Number of approved nodes, of which a budget may be a share. */
  abstract countApproved(among: Among): Promise<number>;

  /** Number of nodes that are held back. */
  abstract countHeldBack(): Promise<number>;

  /** HEALTHY nodes that are out by a check and, where asked for, those of which a check says UNFIT. */
  abstract toJudge(options: { unfit: boolean }): AsyncIterable<NodeToJudge>;
}
