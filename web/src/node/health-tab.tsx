import { Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import type { Node, NodeHistory } from '../../../client/index.js';
import { HISTORY_WINDOWS, type HistoryWindow } from '../../../contract/history.js';
import { nodeHistoryQuery } from '../api/node-history-query.js';
import { nodePath } from '../nodes/node-path.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { HeartbeatStrip } from './heartbeat-strip.js';
import { HistoryPlots } from './history-plots.js';
import { HistoryTable } from './history-table.js';

const NAMES: Record<HistoryWindow, string> = { '1h': 'Last hour', '24h': '24 hours', '7d': '7 days' };
const WORDS: Record<HistoryWindow, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
};
/** Longer stretches change no sooner, in milliseconds. */
const LONG_WINDOW_POLL_MS = 60_000;

/** How the node did: whether its heartbeats came, and what they said. */
export function HealthTab({ node }: { node: Node }) {
  const [window, choose] = useWindow(node.id);
  const interval = usePollInterval();
  const refetchInterval = interval === false || window === '1h' ? interval : Math.max(interval, LONG_WINDOW_POLL_MS);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...nodeHistoryQuery(node.id, window),
    refetchInterval,
  });
  return (
    <>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label="Over how long"
          size="xs"
          value={window}
          onChange={(value) => choose(value)}
          data={HISTORY_WINDOWS.map((value) => ({ value, label: NAMES[value] }))}
        />
        {data && (
          <Text size="sm" c="dimmed">
            {coverage(data)}
          </Text>
        )}
      </Group>
      {!data &&
        (error ? (
          <ErrorState title="The history could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="history" />
        ))}
      {data && <History history={data} node={node} superseded={isPlaceholderData} />}
    </>
  );
}

function History({ history, node, superseded }: { history: NodeHistory; node: Node; superseded: boolean }) {
  const words = WORDS[history.window];
  return (
    <div style={{ opacity: superseded ? 0.6 : 1 }} aria-busy={superseded}>
      {node.type === 'Compute' && <HeartbeatStrip heartbeats={history.heartbeats} words={words} />}
      {history.points.length === 0 ? (
        <EmptyState icon="server" title="Nothing to plot">
          {node.lastHeartbeat === null ? 'Plots begin with the first heartbeat.' : `No heartbeat came in ${words}.`}
        </EmptyState>
      ) : (
        <>
          <HistoryPlots history={history} words={words} />
          <HistoryTable history={history} words={words} />
        </>
      )}
    </div>
  );
}

/** The address says which stretch is shown. */
function useWindow(id: string): [HistoryWindow, (window: HistoryWindow) => void] {
  const asked = new URLSearchParams(useSearch()).get('window');
  const [, navigate] = useLocation();
  const path = nodePath(id, 'health');
  return [
    HISTORY_WINDOWS.find((window) => window === asked) ?? '1h',
    (window) => navigate(window === '1h' ? path : `${path}?window=${window}`, { replace: true }),
  ];
}

function coverage({ intervalMs, resolutionMs }: NodeHistory): string {
  const seconds = (ms: number) => (ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`);
  return `A heartbeat is due every ${seconds(intervalMs)}; ${resolutionMs <= intervalMs ? 'each one is plotted.' : `means over ${seconds(resolutionMs)} are plotted.`}`;
}
