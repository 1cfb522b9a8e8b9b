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
            ? 'Refreshing is off: choose how often the page refreshes, and events come again as they happen.'
            : 'The stream of events is being opened; what happens meanwhile is in the audit and on the page of its node.'}
        </Notice>
      ) : (
        <Text size="sm" c="dimmed" mb="xs" role="status">
          Live since {clockTime(since)}: what happens to nodes appears here by itself.
        </Text>
      )}
      {shown.length === 0 ? (
        <EmptyState
          icon="list"
          title={entries.length === 0 ? 'Nothing has happened yet' : 'No event matches this filter'}
        >
          What happened before the page was opened is in the audit, and on the page of each node.
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
