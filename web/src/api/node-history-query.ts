import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNodeHistory, type GetNodeHistoryData, type NodeHistory } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';
import { measure, MEASURE_KEYS, type MeasureKey } from '../../../contract/measures.js';

/** How a node did over a stretch of time; the stretch before stays in sight until the next has come. */
export function nodeHistoryQuery(id: string, query: NonNullable<GetNodeHistoryData['query']>) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'history', id, query],
    queryFn: ({ signal }) => answerOf(getNodeHistory({ path: { id }, query, signal })),
    placeholderData: keepPreviousData,
  });
}

/** What there is to show of a node: measures that are shown at all and that some heartbeat said. */
export function shownMeasures({ points }: Pick<NodeHistory, 'points'>): MeasureKey[] {
  return MEASURE_KEYS.filter(
    (key) => measure(key).shown !== undefined && points.some((point) => point[key] !== undefined),
  );
}

/** Those of them that have a plot. Who never ran a session has none of them to plot. */
export function plottedMeasures(history: Pick<NodeHistory, 'points'>): MeasureKey[] {
  const hasSessions = history.points.some(({ sessions }) => sessions > 0);
  return shownMeasures(history).filter((key) => measure(key).shown === 'plot' && (key !== 'sessions' || hasSessions));
}
