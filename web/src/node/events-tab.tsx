import { useQuery } from '@tanstack/react-query';
import type { Node } from '../../../client/index.js';
import { nodeEventsQuery } from '../api/node-events-query.js';
import { EmptyState } from '../parts/empty-state.js';
import { PagedList } from '../parts/paged-list.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { EventTable } from './event-table.js';

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
