import { Group, Loader, Text, VisuallyHidden } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { Age } from '../time/age.js';
import { useQuery } from '@tanstack/react-query';
import { listNodeEvents } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { NODES_KEY } from '../api/node-queries.js';

/** Waits until a node has joined again with its new token. */
export function Rejoining({ id, rejoinedAt }: { id: string; rejoinedAt: string | undefined }) {
  return (
    <Group gap="xs" data-rejoined={rejoinedAt !== undefined}>
      <VisuallyHidden role="status">{rejoinedAt !== undefined && `${id} has joined with the new token`}</VisuallyHidden>
      {rejoinedAt === undefined ? (
        <>
          <Loader size="xs" />
          <Text size="sm">
            Waiting for {id} to join with the new token. Install the token on the target and restart the agent there.
          </Text>
        </>
      ) : (
        <>
          <Icon name="check" />
          <Text size="sm">
            {id} has joined with the new token, <Age at={rejoinedAt} />.
          </Text>
        </>
      )}
    </Group>
  );
}

/** Polling interval while the viewer waits for a node to come back, in milliseconds. */
const REJOIN_POLL_MS = 1_500;

/** When a node's latest token was used; undefined if it was not. Read from its events, newest first. */
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
