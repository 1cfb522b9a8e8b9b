import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../nodes/node-record.js';
import type { NodeAddress } from './lifecycle-signals.js';

/** What the reconciler needs to know of the record. */
export abstract class ReconciliationStore {
  /** Nodes whose latest decision was committed before `before` and is not applied; removed ones too. The oldest first. */
  abstract unapplied(before: EpochMs, limit: number): Promise<NodeRecord[]>;

  /** Every living node that was made before `before`. */
  abstract living(before: EpochMs): AsyncIterable<NodeAddress>;

  abstract findByUid(uid: string): Promise<NodeRecord | null>;
}
