import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNodeHistory, type NodeHistory } from '../../../client/index.js';
import type { HistoryWindow } from '../../../contract/history.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';
import { measure, MEASURE_KEYS, type MeasureKey } from '../../../contract/measures.js';

/** How a node did over a stretch of time; the stretch before stays in sight until the next has come. */
export function nodeHistoryQuery(id: string, window: HistoryWindow) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'history', id, window],
    queryFn: ({ signal }) => answerOf(getNodeHistory({ path: { id }, query: { window }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** What there is to show of a node: measures that are shown at all and that some heartbeat said. */
export function shownMeasures({ points }: Pick<NodeHistory, 'points'>): MeasureKey[] {
  return MEASURE_KEYS.filter(
    (key) => measure(key).shown !== undefined && points.some((point) => point[key] !== undefined),
  );
}
