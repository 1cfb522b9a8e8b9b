import { useQuery, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Node, listNodeEvents } from '../../../client/index.js';
import { EmptyState } from '../parts/empty-state.js';
import { PagedList } from '../parts/paged-list.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { EventTable } from './event-table.js';
import { answerOf } from '../api/answer-of.js';
import { NODES_KEY } from '../api/node-queries.js';

const PAGE_SIZE = 50;

/** A page of a node's events, latest first; the previous page stays visible until the next has loaded. */
function nodeEventsQuery(id: string, cursor: string) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'events', id, cursor],
    queryFn: ({ signal }) =>
      answerOf(listNodeEvents({ path: { id }, query: { limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** A node's events: who, what, why, from where; latest first. Older pages no longer change. */
export function EventsTab({ node }: { node: Node }) {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const interval = usePollInterval();
  const list = useQuery({ ...nodeEventsQuery(node.id, cursor), refetchInterval: cursor === '' && interval });
  return (
    <PagedList
      what="events"
      list={list}
      cursor={cursor}
      onTurn={(next) => change({ cursor: next })}
      empty={
        <EmptyState icon="server" title="No events">
          No events of this node are kept.
        </EmptyState>
      }
    >
      {(events) => <EventTable events={events} />}
    </PagedList>
  );
}
