import { useQuery } from '@tanstack/react-query';
import { listNodeEvents } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { NODES_KEY } from '../api/node-queries.js';

/** Who waits for a node to come back is shown it at once, in milliseconds. */
const REJOIN_POLL_MS = 1_500;

/** When the newest token of a node was used; undefined while it was not. Its events, newest first, tell. */
export function useRejoined(id: string): string | undefined {
  const { data } = useQuery({
    queryKey: [...NODES_KEY, 'token-use', id],
    queryFn: ({ signal }) => answerOf(listNodeEvents({ path: { id }, query: { limit: 20 }, signal })),
    refetchInterval: (query) =>
      query.state.data && usedAt(query.state.data.items) !== undefined ? false : REJOIN_POLL_MS,
    gcTime: 0,
  });
  return data && usedAt(data.items);
}

function usedAt(newestFirst: readonly { type: string; at: string }[]): string | undefined {
  const last = newestFirst.find(({ type }) => type === 'TokenUsed' || type === 'TokenIssued');
  return last?.type === 'TokenUsed' ? last.at : undefined;
}
