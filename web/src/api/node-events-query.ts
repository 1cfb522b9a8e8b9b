import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listNodeEvents } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';

const PAGE_SIZE = 50;

/** A page of a node's events, latest first; the previous page stays visible until the next has loaded. */
export function nodeEventsQuery(id: string, cursor: string) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'events', id, cursor],
    queryFn: ({ signal }) =>
      answerOf(listNodeEvents({ path: { id }, query: { limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal })),
    placeholderData: keepPreviousData,
  });
}
