import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getFleetHistory, getFleetNodes } from '../../../client/index.js';
import type { HistoryWindow } from '../../../contract/history.js';
import { answerOf } from './answer-of.js';

/** Queries of the whole fleet. No event invalidates them, since each answer is large. */
const FLEET_KEY = ['fleet'] as const;

/** All compute nodes in a few characters each, grouped by a label, or ungrouped with ''. */
export function fleetNodesQuery(label: string) {
  return queryOptions({
    queryKey: [...FLEET_KEY, 'nodes', label],
    queryFn: ({ signal }) => answerOf(getFleetNodes({ query: label === '' ? {} : { label }, signal })),
    placeholderData: keepPreviousData,
    // Comparing a hundred thousand figures for structural sharing takes longer than drawing them.
    structuralSharing: false,
    // Answers for other labels are large, so they are not kept.
    gcTime: 10_000,
  });
}

/** Number of nodes in each state over time. */
export function fleetHistoryQuery(window: HistoryWindow) {
  return queryOptions({
    queryKey: [...FLEET_KEY, 'history', window],
    queryFn: ({ signal }) => answerOf(getFleetHistory({ query: { window }, signal })),
    placeholderData: keepPreviousData,
  });
}
