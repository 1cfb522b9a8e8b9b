import { infiniteQueryOptions } from '@tanstack/react-query';
import { listNodeEvents } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';

const PAGE_SIZE = 50;

/** What happened to a node, the latest first, page by page into the past. */
export function nodeEventsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: [...NODES_KEY, 'events', id],
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        listNodeEvents({
          path: { id },
          query: { limit: PAGE_SIZE, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
