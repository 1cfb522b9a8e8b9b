import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getNodeHistory, type GetNodeHistoryData, type NodeHistory } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { NODES_KEY } from './node-queries.js';
import { measure, MEASURE_KEYS, type MeasureKey } from '../../../contract/measures.js';

/** A node's history over a span of time; the previous span stays visible until the next has loaded. */
export function nodeHistoryQuery(id: string, query: NonNullable<GetNodeHistoryData['query']>) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'history', id, query],
    queryFn: ({ signal }) => answerOf(getNodeHistory({ path: { id }, query, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Measures to show for a node: those that are shown at all and have been reported. */
export function shownMeasures({ points }: Pick<NodeHistory, 'points'>): MeasureKey[] {
  return MEASURE_KEYS.filter(
    (key) => measure(key).shown !== undefined && points.some((point) => point[key] !== undefined),
  );
}

/** Those with a plot. Session measures are left out for a node that never ran a session. */
export function plottedMeasures(history: Pick<NodeHistory, 'points'>): MeasureKey[] {
  const hasSessions = history.points.some(({ sessions }) => sessions > 0);
  return shownMeasures(history).filter((key) => measure(key).shown === 'plot' && (key !== 'sessions' || hasSessions));
}
