import { useQuery } from '@tanstack/react-query';
import { clusterQuery } from '../api/node-queries.js';
import { usePollChoice } from './poll-choice.js';

/** The default of WebUI.PollInterval in milliseconds, until the api has answered. */
const DEFAULT_MS = 5_000;

/** The configured WebUI.PollInterval, in milliseconds. */
export function useConfiguredPollInterval(): number {
  const { data } = useQuery({ ...clusterQuery, staleTime: Infinity, refetchOnWindowFocus: false });
  return data?.settings.pollIntervalMs ?? DEFAULT_MS;
}

/**
 * Value for a query's `refetchInterval`: milliseconds, or false if polling is off. TanStack Query itself pauses
 * while the tab is hidden and refreshes when it is visible again.
 */
export function usePollInterval(): number | false {
  const configured = useConfiguredPollInterval();
  const ms = usePollChoice() ?? configured;
  return ms === 0 ? false : ms;
}
