import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNodeHistory } from '../../../client/index.js';
import type { HistoryWindow } from '../../../contract/history.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';

/** How a node did over a stretch of time; the stretch before stays in sight until the next has come. */
export function nodeHistoryQuery(id: string, window: HistoryWindow) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'history', id, window],
    queryFn: ({ signal }) => answerOf(getNodeHistory({ path: { id }, query: { window }, signal })),
    placeholderData: keepPreviousData,
  });
}
