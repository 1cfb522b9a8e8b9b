import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useLiveFeed, type FeedEntry } from '../api/live-feed.js';
import { nodePath } from '../nodes/node-path.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { eventWord } from '../parts/event-word.js';
import { Notice } from '../parts/notice.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age } from '../time/age.js';
import { clockTime, inLocalTime } from '../time/time-text.js';
import { isWanted, type AuditFilter } from './audit-filter.js';

/** Events of nodes, decisions and observations, while the page is open. */
export function LiveEvents({ filter }: { filter: AuditFilter }) {
  const { entries, since } = useLiveFeed();
  const isOff = usePollInterval() === false;
  const shown = entries.filter((entry) => 'gap' in entry || isWanted(filter, entry.event));
  return (
    <>
      {since === null ? (
        <Notice kind="warn" role="status" title="Not live">
          {isOff
            ? 'Refreshing is off. Choose a refresh interval to see events as they happen.'
            : 'The event stream is being opened. Meanwhile, see the audit and the nodes’ pages.'}
        </Notice>
      ) : (
        <Text size="sm" c="dimmed" mb="xs" role="status">
          Live since {clockTime(since)}: events of nodes appear here as they happen.
        </Text>
      )}
      {shown.length === 0 ? (
        <EmptyState
          icon="list"
          title={entries.length === 0 ? 'Nothing has happened yet' : 'No event matches this filter'}
        >
          Earlier events are in the audit, and on each node’s page.
        </EmptyState>
      ) : (
        <DataTable label="Live events" columns={COLUMNS} rows={shown} keyOf={keyOf} />
      )}
    </>
  );
}

function keyOf(entry: FeedEntry): string {
  return 'gap' in entry ? `gap-${entry.gap.to}` : entry.event.id;
}

const COLUMNS: readonly TableColumn<FeedEntry>[] = [
  {
    name: 'When',
    kind: 'head',
    cell: (entry) =>
      'gap' in entry ? (
        clockTime(entry.gap.to)
      ) : (
        <>
          {clockTime(Date.parse(entry.event.at))}
          <small>
            <Age at={entry.event.at} />
          </small>
        </>
      ),
  },
  { name: 'What', cell: (entry) => ('gap' in entry ? 'Not followed' : eventWord(entry.event.type)) },
  {
    name: 'Node',
    cell: (entry) =>
      'event' in entry && (
        <Anchor component={Link} href={nodePath(entry.event.node)} size="sm">
          {entry.event.node}
        </Anchor>
      ),
  },
  { name: 'Who', cell: (entry) => 'event' in entry && entry.event.by },
  {
    name: 'Why',
    kind: 'wide',
    cell: (entry) =>
      'gap' in entry
        ? `From ${clockTime(entry.gap.from)} on the stream was not open, since the tab was hidden or the api away: the pages of nodes have what happened.`
        : inLocalTime(entry.event.reason),
  },
];
