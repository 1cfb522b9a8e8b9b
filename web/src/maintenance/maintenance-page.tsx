import { Anchor, Text, Title } from '@mantine/core';
import { useQuery, queryOptions } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Maintenance, listMaintenance } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { countText, plural } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { Age, Countdown, ExactTime } from '../time/age.js';
import { byDay } from './by-day.js';
import { WindowSection } from './window-section.js';
import { answerOf } from '../api/answer-of.js';
import { MAINTENANCE_KEY } from '../api/event-keys.js';

/** Maximum number of entries. */
const MOST = 1_000;

/** Plans, and what ends by itself, in the order in which they begin. */
const maintenanceQuery = queryOptions({
  queryKey: MAINTENANCE_KEY,
  queryFn: ({ signal }) => answerOf(listMaintenance({ query: { limit: MOST }, signal })),
});

/** The calendar of planned maintenance, of nodes that come back by themselves and of windows, day by day; and the list of windows. */
export default function MaintenancePage() {
  const { data, error, refetch } = useQuery({ ...maintenanceQuery, refetchInterval: usePollInterval() });
  return (
    <>
      <PageHeading title="Maintenance" />
      {data === undefined &&
        (error ? (
          <ErrorState title="Maintenance could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="maintenance" />
        ))}
      {data?.items.length === 0 && (
        <EmptyState icon="calendar" title="Nothing is planned">
          Deactivations with a beginning or an end, and maintenance windows, are listed here day by day.
        </EmptyState>
      )}
      {byDay(data?.items ?? []).map(({ name, entries }) => (
        <section key={name} aria-label={name}>
          <Title order={2} size="h5" mt="md" mb="xs">
            {name}
          </Title>
          <DataTable label={`Maintenance: ${name}`} columns={COLUMNS} rows={entries} keyOf={({ id }) => id} />
        </section>
      ))}
      {data && data.nextCursor !== null && (
        <Text size="sm" c="dimmed" mt="sm">
          These are the first {countText(data.items.length)}; rollcall maintenance list shows all.
        </Text>
      )}
      <WindowSection />
    </>
  );
}

const COLUMNS: readonly TableColumn<Maintenance>[] = [
  { name: 'Nodes', kind: 'head', cell: (entry) => <Nodes {...entry} /> },
  {
    name: 'Begins',
    cell: ({ at, state }) =>
      state === 'planned' ? (
        <>
          <ExactTime at={at} />, in <Countdown until={at} over="a moment" />
        </>
      ) : (
        <Age at={at} />
      ),
  },
  {
    name: 'Ends',
    cell: ({ until }) =>
      until === null ? (
        'when somebody activates them'
      ) : (
        <>
          <ExactTime at={until} />, in <Countdown until={until} over="a moment" />
        </>
      ),
  },
  { name: 'By', kind: 'short', cell: ({ by }) => by },
  { name: 'Reason', kind: 'wide', cell: ({ reason }) => reason },
];

function Nodes({ drain, window, nodes: { count, names } }: Maintenance) {
  if (window)
    return (
      <>
        Window {window.name}
        {window.waiting.length > 0 && (
          <small>
            {plural(window.waiting.length, 'set')} with {plural(count, 'node')} to take out
          </small>
        )}
      </>
    );
  if (drain !== null)
    return (
      <Anchor component={Link} href={`/drains/${encodeURIComponent(drain)}`} size="sm">
        Drain of {plural(count, 'node')}
      </Anchor>
    );
  return (
    <>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Anchor component={Link} href={nodePath(name)} size="sm">
            {name}
          </Anchor>
        </span>
      ))}
      {count > names.length && ` and ${countText(count - names.length)} more`}
    </>
  );
}
