import { Checkbox, SegmentedControl, Text, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { FleetHistory } from '../../../client/index.js';
import { FLEET_STATES, type FleetState } from '../../../contract/fleet-state.js';
import { HISTORY_WINDOWS, type HistoryWindow } from '../../../contract/history.js';
import { fleetHistoryQuery } from '../api/fleet-queries.js';
import { momentText } from '../node/moment-text.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { countText } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import classes from './states-over-time.module.css';
import { StackedPlot } from './stacked-plot.js';
import { countsText, STATE_LOOKS } from './state-looks.js';
import { StatesTable } from './states-table.js';

const NAMES: Record<HistoryWindow, string> = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days' };
/** Polling interval in milliseconds: there is one new point a minute. */
const LEAST_POLL_MS = 30_000;

/** Number of nodes in each state over time, stacked. */
export function StatesOverTime() {
  const [window, setWindow] = useState<HistoryWindow>('24h');
  const [without, setWithout] = useState(false);
  const scheme = useComputedColorScheme('light');
  const interval = usePollInterval();
  const refetchInterval = interval === false ? false : Math.max(interval, LEAST_POLL_MS);
  const {
    data: latest,
    error,
    refetch,
    isPlaceholderData,
  } = useQuery({ ...fleetHistoryQuery(window), refetchInterval });
  // Deferred like the picture of the fleet.
  const data = useDeferredValue(latest, undefined);
  return (
    <Panel
      title="States over time"
      actions={
        <div className={classes['controls']}>
          <Checkbox
            size="xs"
            label="Hide healthy nodes"
            checked={without}
            onChange={({ currentTarget: { checked } }) => setWithout(checked)}
          />
          <SegmentedControl
            aria-label="Time range"
            size="xs"
            value={window}
            onChange={(value) => setWindow(value)}
            data={HISTORY_WINDOWS.map((value) => ({ value, label: NAMES[value] }))}
          />
        </div>
      }
    >
      {data === undefined ? (
        error ? (
          <ErrorState title="The history could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="history" />
        )
      ) : data.points.length === 0 ? (
        <EmptyState icon="server" title="No data yet">
          A point is added every minute while the control plane works.
        </EmptyState>
      ) : (
        <div style={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
          {/* The canvas keeps its colours, so another colour scheme means another drawing. */}
          <Stack key={scheme} history={data} without={without} />
          <StatesTable history={data} words={NAMES[data.window]} />
        </div>
      )}
    </Panel>
  );
}

function Stack({ history, without }: { history: FleetHistory; without: boolean }) {
  const [at, setAt] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  // Good states at the bottom, the most urgent on top.
  const states = useMemo(
    () =>
      FLEET_STATES.toReversed().filter(
        (state) => !(without && state === 'healthy') && history.points.some((point) => (point.states[state] ?? 0) > 0),
      ),
    [history, without],
  );
  useEffect(() => {
    if (frame.current === null) return undefined;
    const plot = new StackedPlot(frame.current, history, states, setAt);
    return () => plot.destroy();
  }, [history, states]);
  const pointed =
    at === null ? undefined : history.points.find((point) => Date.parse(point.at) === Math.round(at * 1_000));
  const last = history.points.at(-1);
  const stretchMs = Date.parse(history.to) - Date.parse(history.from);
  const told = pointed ?? last;
  return (
    <>
      <Text size="sm" c="dimmed" className="numeric" mih={20} data-readout>
        {told && `${momentText(Date.parse(told.at), stretchMs)}: ${countsText(told.states)}`}
      </Text>
      <div
        ref={frame}
        className={`${classes['plot']} live`}
        role="img"
        aria-label={`Nodes by state over ${NAMES[history.window]}: ${last ? `last ${countsText(last.states)}` : ''}`}
        data-points={history.points.length}
      />
      <ul className={classes['legend']} aria-label="What the colours of the plot mean">
        {states.toReversed().map((state) => (
          <li key={state}>
            <span className={classes['swatch']} style={{ background: STATE_LOOKS[state].colour }} />
            {`${STATE_LOOKS[state].word}, at most ${countText(mostOf(history, state))}`}
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed">
        Gaps are times at which the control plane was unavailable.
      </Text>
    </>
  );
}

function mostOf({ points }: FleetHistory, state: FleetState): number {
  return Math.max(0, ...points.map(({ states }) => states[state] ?? 0));
}
