import type { QueryFilter } from 'mongoose';
import type { Fitness } from '../../contract/fitness.js';
import { searchWords } from '../../contract/node-order.js';
import type { NodeQuery } from '../record/node-store.js';
import { attentionFilter } from './attention-filter.js';
import type { NodeDocument } from './schemas/node.schema.js';

/**
 * Selects the living nodes of a query. Every value is passed under an operator, so that none can act as an operator itself.
 * @param found uids that were looked up before, where the query needs them: of nodes with a warning, of overdue nodes, of stopped nodes (also
 * for `lost`), and of a search's matches where those are few
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
    // An api replica says goodbye too, but then counts as disconnected.
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

/** Repeats the condition of the partial index literally, so that MongoDB uses it; `$elemMatch`, so that one condition matches both. */
function hasCondition({ type, status }: { type: string; status: Fitness }): QueryFilter<NodeDocument> {
  return { 'conditions.status': status, conditions: { $elemMatch: { type, status } } };
}

/** One condition for each word of a search. */
export function hasWords(search: string): QueryFilter<NodeDocument>[] {
  return searchWords(search).map((word) => ({ 'listed.text': { $regex: literally(word) } }));
}

/** Whether the filter selects only some of the living nodes. */
export function isFiltered(filter: QueryFilter<NodeDocument>): boolean {
  return Object.keys(filter).length > 1;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
