import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { useQuery, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Alert, listAlerts } from '../../../client/index.js';
import type { Severity } from '../../../contract/severity.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { PagedList } from '../parts/paged-list.js';
import { StateWord, type Tone } from '../parts/state-word.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { Age } from '../time/age.js';
import { answerOf } from '../api/answer-of.js';

const PAGE_SIZE = 50;

/** Latest first. @param all includes cleared alerts */
function alertListQuery(all: boolean, cursor: string) {
  return queryOptions({
    queryKey: ['alerts', all, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        listAlerts({
          query: { limit: PAGE_SIZE, ...(!all && { phase: 'raised' }), ...(cursor !== '' && { cursor }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** The alerts, each raised once per outage. */
export default function AlertsPage() {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const all = address.get('show') === 'all';
  const list = useQuery({ ...alertListQuery(all, cursor), refetchInterval: usePollInterval() });
  return (
    <>
      <PageHeading title="Alerts" />
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="Which alerts are shown"
        value={all ? 'all' : 'raised'}
        onChange={(show) => change({ show: show === 'all' ? show : '' })}
        data={[
          { value: 'raised', label: 'Raised' },
          { value: 'all', label: 'Last 90 days' },
        ]}
      />
      <PagedList
        what="alerts"
        list={list}
        cursor={cursor}
        onTurn={(next) => change({ cursor: next })}
        empty={
          <EmptyState icon="alert" title={all ? 'No alerts' : 'No alerts are raised'}>
            An alert is raised once a problem has lasted for some time; Settings shows how long.
          </EmptyState>
        }
      >
        {(alerts, superseded) => (
          <DataTable label="Alerts" columns={COLUMNS} rows={alerts} keyOf={({ id }) => id} superseded={superseded} />
        )}
      </PagedList>
    </>
  );
}

const TONES: Record<Severity, Tone> = { info: 'idle', warning: 'warn', critical: 'bad' };

const COLUMNS: readonly TableColumn<Alert>[] = [
  {
    name: 'Alert',
    kind: 'head',
    cell: ({ kind, summary }) => (
      <>
        <Text component="span" size="sm" fw={550}>
          {kind}
        </Text>
        <small>{summary}</small>
      </>
    ),
  },
  {
    name: 'Severity',
    cell: ({ severity, phase }) => (
      <StateWord tone={phase === 'raised' ? TONES[severity] : 'idle'}>{severity}</StateWord>
    ),
  },
  {
    name: 'About',
    cell: ({ node, subject }) =>
      node === null ? (
        subject
      ) : (
        <Anchor component={Link} href={`/nodes/${node}`} size="sm">
          {node}
        </Anchor>
      ),
  },
  { name: 'Since', kind: 'short', cell: ({ since }) => <Age at={since} /> },
  { name: 'Raised', kind: 'short', cell: ({ raisedAt }) => <Age at={raisedAt} /> },
  {
    name: 'Cleared',
    kind: 'short',
    cell: ({ clearedAt }) => (clearedAt === null ? 'not yet' : <Age at={clearedAt} />),
  },
];
