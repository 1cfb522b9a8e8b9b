import type { QueryFilter } from 'mongoose';
import type { NodeQuery } from '../nodes/node-store.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** The living nodes that a query asks for. Every value goes in under an operator, so that none can be one itself. */
export function nodeFilter(query: NodeQuery): QueryFilter<NodeDocument> {
  const { approval, liveness, phase, type, labels, q } = query;
  return {
    living: true,
    ...(approval?.length ? { 'decision.approval.value': { $in: [...approval] } } : {}),
    ...(liveness?.length ? { liveness: { $in: [...liveness] } } : {}),
    ...(phase?.length ? { phase: { $in: [...phase] } } : {}),
    ...(type?.length ? { type: { $in: [...type] } } : {}),
    ...(labels?.length ? { labels: { $all: labels.map(({ key, value }) => ({ $elemMatch: value === undefined ? { key } : { key, value } })) } } : {}),
    ...(q ? { name: { $regex: literally(q) } } : {}),
  };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
