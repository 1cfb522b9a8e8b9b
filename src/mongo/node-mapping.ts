import type { NodeRecord } from '../record/node-record.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** Maps the document to the record. */
export function toNodeRecord(document: NodeDocument): NodeRecord {
  const {
    _id,
    living,
    labels,
    copied = null,
    agentWish = null,
    conditions = null,
    conditionsTold: _told,
    assignments: _fence,
    listed: _keys,
    ...same
  } = document;
  return { ...same, uid: _id, living: living === true, labels: fromPairs(labels), copied, agentWish, conditions };
}

/** Labels in the form in which documents store them. */
export function toPairs(labels: Record<string, string>): { key: string; value: string }[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value }));
}

export function fromPairs(pairs: readonly { key: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
