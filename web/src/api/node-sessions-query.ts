import { queryOptions } from '@tanstack/react-query';
import { listNodeSessions } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';

/** What a node runs, by its workflow or, where that does not answer, by the record. */
export function nodeSessionsQuery(id: string) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'sessions', id],
    queryFn: ({ signal }) => answerOf(listNodeSessions({ path: { id }, signal })),
  });
}
