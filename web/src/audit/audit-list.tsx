import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { AuditEvent } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { eventWord } from '../parts/event-word.js';
import { PagedList } from '../parts/paged-list.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age } from '../time/age.js';
import { exactTime, inLocalTime } from '../time/time-text.js';
import { isNarrowed, type AuditFilter } from './audit-filter.js';
import { auditListQuery } from './audit-queries.js';

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
