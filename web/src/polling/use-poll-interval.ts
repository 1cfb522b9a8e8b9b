import { useQuery } from '@tanstack/react-query';
import { clusterQuery } from '../api/node-queries.js';
import { usePollChoice } from './poll-choice.js';

/** Until the api has told: the default of WebUI.PollInterval, in milliseconds. */
const DEFAULT_MS = 5_000;

/** WebUI.PollInterval as the api was configured, in milliseconds. */
export function useConfiguredPollInterval(): number {
  const { data } = useQuery({ ...clusterQuery, staleTime: Infinity, refetchOnWindowFocus: false });
  return data?.settings.pollIntervalMs ?? DEFAULT_MS;
}

/**
 * What to give to a query as `refetchInterval`: milliseconds, or false where polling is off. TanStack Query itself pauses
 * while the tab is hidden and asks anew when it is seen again.
 */
export function usePollInterval(): number | false {
  const configured = useConfiguredPollInterval();
  const ms = usePollChoice() ?? configured;
  return ms === 0 ? false : ms;
}
