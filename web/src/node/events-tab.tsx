import { Button, Center, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Node } from '../../../client/index.js';
import { nodeEventsQuery } from '../api/node-events-query.js';
import { sentenceOf } from '../api/api-failure.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { EventTable } from './event-table.js';

/** With more pages than this in sight they are not asked for again and again: whoever reads that far back reads what was. */
const POLLED_PAGES = 4;

/** What happened to the node: who, what, why, from where; the latest first. */
export function EventsTab({ node }: { node: Node }) {
  const interval = usePollInterval();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isFetchNextPageError } =
    useInfiniteQuery({
      ...nodeEventsQuery(node.id),
      refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > POLLED_PAGES ? false : interval),
    });
  if (!data)
    return error ? (
      <ErrorState title="The events could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what="events" />
    );
  const events = data.pages.flatMap(({ items }) => items);
  if (events.length === 0) {
    return (
      <EmptyState icon="server" title="No events">
        Nothing that is kept has happened to this node.
      </EmptyState>
    );
  }
  return (
    <>
      <EventTable events={events} />
      <Center mt="sm">
        {hasNextPage ? (
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Older
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            That is all: nothing older is kept.
          </Text>
        )}
      </Center>
      {isFetchNextPageError && (
        <Text size="sm" c="var(--page-bad)" ta="center" mt="xs" role="alert">
          {`Older events could not be loaded: ${sentenceOf(error)}`}
        </Text>
      )}
    </>
  );
}
