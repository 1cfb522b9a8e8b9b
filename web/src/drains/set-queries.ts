import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listNodes } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { SETS_KEY } from '../api/event-keys.js';
import { NODES_KEY } from '../api/node-queries.js';
import { type SetKind } from './set-kind.js';

const PAGE_SIZE = 50;
/** Maximum budget: no set drains more nodes at once. */
const MOST_DRAINING = 200;

/** A page of sets, latest first; the previous page stays visible until the next has loaded. */
export function setListQuery({ path, list }: SetKind, cursor: string) {
  return queryOptions({
    queryKey: [...SETS_KEY, path, 'list', cursor],
    queryFn: ({ signal }) => list({ limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal),
    placeholderData: keepPreviousData,
  });
}

/** One set, with each of its nodes. */
export function setQuery({ path, get }: SetKind, id: string) {
  return queryOptions({
    queryKey: [...SETS_KEY, path, 'one', id],
    queryFn: ({ signal }) => get(id, signal),
  });
}

/** Draining nodes, with what each of them waits for. */
export const drainingNodesQuery = queryOptions({
  queryKey: [...NODES_KEY, 'list', 'draining'],
  queryFn: ({ signal }) => answerOf(listNodes({ query: { phase: ['DRAINING'], limit: MOST_DRAINING }, signal })),
});

/** Number of compute nodes with all of these labels. */
export function matchingQuery(labels: readonly string[]) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'list', 'matching', labels],
    queryFn: async ({ signal }) => {
      const query = { type: ['Compute' as const], label: [...labels], limit: 1, total: 'true' as const };
      const { total } = await answerOf(listNodes({ query, signal }));
      return total ?? 0;
    },
    placeholderData: keepPreviousData,
  });
}
