import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Node, NodeHistory } from '../../../client/index.js';
import { HISTORY_KEPT_MS, HISTORY_WINDOWS, type HistoryWindow } from '../../../contract/history.js';
import { nodeHistoryQuery } from '../api/node-history-query.js';
import { serverNow } from '../api/reachability.js';
import { nodePath } from '../nodes/node-path.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { HeartbeatStrip } from './heartbeat-strip.js';
import { HistoryPlots } from './history-plots.js';
import { readStretch, stretchOf, stretchWords, writeStretch, type ShownStretch } from './shown-stretch.js';
import { HistoryTable } from './history-table.js';
import { MarkList } from './mark-list.js';
import { OwnStretch } from './own-stretch.js';

const NAMES: Record<HistoryWindow, string> = { '1h': 'Last hour', '24h': '24 hours', '7d': '7 days' };
/** Longer spans are refreshed no sooner, in milliseconds. */
const LONG_WINDOW_POLL_MS = 60_000;
/** Data older than this no longer changes, in milliseconds: points of a large fleet are written late. */
const SETTLED_AFTER_MS = 5 * 60_000;

/** A node's history: whether its heartbeats arrived, and what they reported. */
export function HealthTab({ node }: { node: Node }) {
  const [request, ask] = useRequest(node.id);
  const refetchInterval = useRefetchInterval(request);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...nodeHistoryQuery(node.id, request),
    refetchInterval,
  });
  const zoom = useCallback(
    (from: number, to: number) => {
      const stretch = stretchOf(from, to);
      if (stretch) ask(stretch);
    },
    [ask],
  );
  const [from, to] = [Date.parse(data?.from ?? ''), Date.parse(data?.to ?? '')];
  return (
    <>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label="Time range"
          size="xs"
          value={'window' in request ? request.window : OWN}
          onChange={(value) => {
            const window = HISTORY_WINDOWS.find((one) => one === value);
            if (window) ask({ window });
            else zoom(from, to);
          }}
          data={[
            ...HISTORY_WINDOWS.map((value) => ({ value: value as string, label: NAMES[value] })),
            { value: OWN, label: 'Custom range' },
          ]}
        />
        {'from' in request && (
          <Button size="compact-sm" variant="default" onClick={() => zoom(...widened(request))}>
            Zoom out
          </Button>
        )}
        {data && (
          <Text size="sm" c="dimmed">
            {coverage(data)}
          </Text>
        )}
      </Group>
      {'from' in request && (
        <OwnStretch
          key={writeStretch(request)}
          from={Date.parse(request.from)}
          to={Date.parse(request.to)}
          onChange={zoom}
        />
      )}
      {!data &&
        (error ? (
          <ErrorState title="The history could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="history" />
        ))}
      {data && <History history={data} node={node} superseded={isPlaceholderData} onZoom={zoom} />}
    </>
  );
}

interface HistoryProps {
  history: NodeHistory;
  node: Node;
  superseded: boolean;
  onZoom: (from: number, to: number) => void;
}

function History({ history, node, superseded, onZoom }: HistoryProps) {
  const words = stretchWords(history);
  return (
    <div style={{ opacity: superseded ? 0.6 : 1 }} aria-busy={superseded}>
      {node.type === 'Compute' && (
        <HeartbeatStrip
          heartbeats={history.heartbeats}
          words={words}
          end={history.window === null ? Date.parse(history.to) : null}
        />
      )}
      {history.points.length === 0 ? (
        <EmptyState icon="server" title="Nothing to plot">
          {node.lastHeartbeat === null
            ? 'Plots begin with the first heartbeat.'
            : history.window === null
              ? `No heartbeats arrived from ${words}, or they are no longer kept.`
              : `No heartbeats arrived in ${words}.`}
        </EmptyState>
      ) : (
        <HistoryPlots history={history} node={node} words={words} onZoom={onZoom} />
      )}
      <MarkList marks={history.marks} words={words} />
      {history.points.length > 0 && <HistoryTable history={history} words={words} />}
    </div>
  );
}

const OWN = 'own';

/** The address says which span is shown. */
function useRequest(id: string): [ShownStretch, (request: ShownStretch) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const path = nodePath(id, 'health');
  const request = useMemo(() => readStretch(search), [search]);
  const ask = useCallback(
    (next: ShownStretch) => {
      const address = writeStretch(next);
      // The browser's back button undoes the zoom.
      navigate(address === '' ? path : `${path}?${address}`, { replace: 'window' in next });
    },
    [navigate, path],
  );
  return [request, ask];
}

function useRefetchInterval(request: ShownStretch): number | false {
  const interval = usePollInterval();
  if (interval === false || ('window' in request && request.window === '1h')) return interval;
  if ('to' in request && serverNow() - Date.parse(request.to) > SETTLED_AFTER_MS) return false;
  return Math.max(interval, LONG_WINDOW_POLL_MS);
}

/** Twice the span around the same middle, as far as data is kept. */
function widened(request: { from: string; to: string }): [number, number] {
  const [from, to] = [Date.parse(request.from), Date.parse(request.to)];
  const [now, half] = [serverNow(), (to - from) / 2];
  const end = Math.min(now, to + half);
  return [Math.max(now - HISTORY_KEPT_MS.minutes, end - 4 * half), end];
}

function coverage({ intervalMs, resolutionMs }: NodeHistory): string {
  const seconds = (ms: number) => (ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`);
  return `A heartbeat is due every ${seconds(intervalMs)}; ${resolutionMs <= intervalMs ? 'each one is plotted.' : `means over ${seconds(resolutionMs)} are plotted, with minimum and maximum as a band.`} Drag over a plot to zoom in.`;
}
