import { Anchor } from '@mantine/core';
import { useQuery, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type AuditEvent, listAudit } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { eventWord } from '../parts/event-word.js';
import { PagedList } from '../parts/paged-list.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age } from '../time/age.js';
import { exactTime, inLocalTime } from '../time/time-text.js';
import { isNarrowed, type AuditFilter, auditQueryOf } from './audit-filter.js';
import { answerOf } from '../api/answer-of.js';
import { AUDIT_KEY } from '../api/event-keys.js';
import { serverNow } from '../api/reachability.js';

const PAGE_SIZE = 50;

/** A page of the audit, latest first; the previous page stays visible until the next has loaded. */
function auditListQuery(filter: AuditFilter, cursor: string) {
  return queryOptions({
    queryKey: [...AUDIT_KEY, 'list', filter, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        listAudit({
          query: { ...auditQueryOf(filter, serverNow()), limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

interface AuditListProps {
  filter: AuditFilter;
  cursor: string;
  onTurn: (cursor: string) => void;
}

/** A page of the audit. The first is refreshed; older ones no longer change. */
export function AuditList({ filter, cursor, onTurn }: AuditListProps) {
  const interval = usePollInterval();
  const list = useQuery({ ...auditListQuery(filter, cursor), refetchInterval: cursor === '' && interval });
  return (
    <PagedList
      what="events"
      list={list}
      cursor={cursor}
      onTurn={onTurn}
      empty={
        <EmptyState icon="filter" title={isNarrowed(filter) ? 'No event matches this filter' : 'No events'}>
          Actors, nodes and tokens have to match exactly.
        </EmptyState>
      }
    >
      {(events, superseded) => (
        <DataTable label="Audit" columns={COLUMNS} rows={events} keyOf={({ id }) => id} superseded={superseded} />
      )}
    </PagedList>
  );
}

const COLUMNS: readonly TableColumn<AuditEvent>[] = [
  {
    name: 'When',
    kind: 'head',
    cell: ({ at }) => (
      <>
        <time dateTime={at}>{exactTime(at)}</time>
        <small>
          <Age at={at} />
        </small>
      </>
    ),
  },
  { name: 'What', kind: 'short', cell: ({ type }) => eventWord(type) },
  {
    name: 'Node or token',
    cell: ({ node, token }) => (
      <>
        {node !== null && (
          <Anchor component={Link} href={nodePath(node)} size="sm">
            {node}
          </Anchor>
        )}
        {token !== null && <small>token {token}</small>}
      </>
    ),
  },
  { name: 'Who', kind: 'short', cell: ({ by, byId }) => <span title={byId ?? undefined}>{by}</span> },
  { name: 'Why', kind: 'wide', cell: ({ reason }) => inLocalTime(reason) },
  { name: 'From', kind: 'short', cell: ({ from }) => from ?? '' },
];
