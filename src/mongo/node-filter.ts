import type { QueryFilter } from 'mongoose';
import type { Fitness } from '../../contract/fitness.js';
import { searchWords } from '../../contract/node-order.js';
import type { NodeQuery } from '../record/node-store.js';
import { attentionFilter } from './attention-filter.js';
import type { NodeDocument } from './schemas/node.schema.js';

/**
 * The living nodes that a query asks for. Every value goes in under an operator, so that none can be one itself.
 * @param found what was looked up before: uids of nodes that were not heard lately, where the query asks for those with a warning, and of those
 * that were not heard for longer than they may be, where it asks for them; of stopped ones, where it asks for them or for lost ones; of those that
 * a search finds, where they are few
 */
export function nodeFilter(
  query: NodeQuery,
  {
    quiet,
    overdue,
    stopped,
    sought,
  }: Partial<Record<'quiet' | 'overdue' | 'stopped' | 'sought', readonly string[] | undefined>>,
): QueryFilter<NodeDocument> {
  const {
    approval,
    liveness,
    phase,
    type,
    labels,
    agentVersions,
    names,
    attention,
    conditions: wanted,
    q = '',
  } = query;
  const conditions = [
    ...(wanted?.length ? [{ $or: wanted.map(hasCondition) }] : []),
    ...(quiet ? [{ _id: { $in: [...quiet] } }, { liveness: 'HEALTHY' as const }] : []),
    // A replica of the api says goodbye too, and is disconnected then.
    ...(query.stopped ? [{ _id: { $in: [...(stopped ?? [])] }, type: 'Compute' as const }] : []),
    ...(sought ? [{ _id: { $in: [...sought] } }] : hasWords(q)),
    ...(attention
      ? [{ $or: attention.any.map((kind) => attentionFilter(kind, attention.quiet.now, { overdue, stopped })) }]
      : []),
  ];
  return {
    living: true,
    ...(approval?.length ? { 'decision.approval.value': { $in: [...approval] } } : {}),
    ...(liveness?.length ? { liveness: { $in: [...liveness] } } : {}),
    ...(phase?.length ? { phase: { $in: [...phase] } } : {}),
    ...(type?.length ? { type: { $in: [...type] } } : {}),
    ...(agentVersions ? { 'info.agentVersion': { $in: [...agentVersions] } } : {}),
    ...(names ? { name: { $in: [...names] } } : {}),
    ...(labels?.length
      ? {
          labels: {
            $all: labels.map(({ key, value }) => ({ $elemMatch: value === undefined ? { key } : { key, value } })),
          },
        }
      : {}),
    ...(conditions.length > 0 ? { $and: conditions } : {}),
  };
}

/** In the words of the index, which is partial, and of one condition both. */
function hasCondition({ type, status }: { type: string; status: Fitness }): QueryFilter<NodeDocument> {
  return { 'conditions.status': status, conditions: { $elemMatch: { type, status } } };
}

/** Of a search's words each. */
export function hasWords(search: string): QueryFilter<NodeDocument>[] {
  return searchWords(search).map((word) => ({ 'listed.text': { $regex: literally(word) } }));
}

/** Whether the filter asks for some of the living nodes, and not for all. */
export function isFiltered(filter: QueryFilter<NodeDocument>): boolean {
  return Object.keys(filter).length > 1;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
