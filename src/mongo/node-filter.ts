import type { QueryFilter } from 'mongoose';
import type { NodeQuery } from '../record/node-store.js';
import type { NodeDocument } from './schemas/node.schema.js';

/**
 * The living nodes that a query asks for. Every value goes in under an operator, so that none can be one itself.
 * @param quiet uids of nodes that were not heard lately, where the query asks for those with a warning
 */
export function nodeFilter(query: NodeQuery, quiet?: readonly string[]): QueryFilter<NodeDocument> {
  const { approval, liveness, phase, type, labels, agentVersions, q } = query;
  return {
    living: true,
    ...(approval?.length ? { 'decision.approval.value': { $in: [...approval] } } : {}),
    ...(liveness?.length ? { liveness: { $in: [...liveness] } } : {}),
    ...(phase?.length ? { phase: { $in: [...phase] } } : {}),
    ...(type?.length ? { type: { $in: [...type] } } : {}),
    ...(agentVersions ? { 'info.agentVersion': { $in: [...agentVersions] } } : {}),
    ...(labels?.length
      ? {
          labels: {
            $all: labels.map(({ key, value }) => ({ $elemMatch: value === undefined ? { key } : { key, value } })),
          },
        }
      : {}),
    ...(quiet ? { $and: [{ _id: { $in: [...quiet] } }, { liveness: 'HEALTHY' as const }] } : {}),
    ...(q ? { name: { $regex: literally(q) } } : {}),
  };
}

/** Whether the filter asks for some of the living nodes, and not for all. */
export function isFiltered(filter: QueryFilter<NodeDocument>): boolean {
  return Object.keys(filter).length > 1;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
