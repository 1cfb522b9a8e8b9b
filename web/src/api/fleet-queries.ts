import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getFleetHistory, getFleetNodes } from '../../../client/index.js';
import type { HistoryWindow } from '../../../contract/history.js';
import { answerOf } from './answer-of.js';

/** Of the fleet as a whole; no event asks for it anew, since each answer is large. */
const FLEET_KEY = ['fleet'] as const;

/** Every compute node in a few characters, grouped by a label or, by '', not at all. */
export function fleetNodesQuery(label: string) {
  return queryOptions({
    queryKey: [...FLEET_KEY, 'nodes', label],
    queryFn: ({ signal }) => answerOf(getFleetNodes({ query: label === '' ? {} : { label }, signal })),
    placeholderData: keepPreviousData,
    // Looking for what is the same among a hundred thousand figures takes longer than drawing them.
    structuralSharing: false,
    // Answers of labels that were looked at before are large.
    gcTime: 10_000,
  });
}

/** How many nodes were in which state. */
export function fleetHistoryQuery(window: HistoryWindow) {
  return queryOptions({
    queryKey: [...FLEET_KEY, 'history', window],
    queryFn: ({ signal }) => answerOf(getFleetHistory({ query: { window }, signal })),
    placeholderData: keepPreviousData,
  });
}
