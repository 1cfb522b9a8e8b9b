import type { NodeRecord } from '../record/node-record.js';
import { fromPairs } from './label-pairs.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** The document as the control plane knows it. */
export function toNodeRecord(document: NodeDocument): NodeRecord {
  const { _id, living, labels, copied = null, unappliedSince: _bookkeeping, assignments: _fence, ...same } = document;
  return { ...same, uid: _id, living: living === true, labels: fromPairs(labels), copied };
}
