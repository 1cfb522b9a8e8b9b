import { NativeSelect, SegmentedControl, Text, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { FleetNodes } from '../../../client/index.js';
import { fleetNodesQuery } from '../api/fleet-queries.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { countText, plural } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { COLOURINGS, shareCounts, type Colouring } from './cell-colours.js';
import { Cells } from './cells.js';
import classes from './fleet-picture.module.css';
import { FleetTable } from './fleet-table.js';
import { listLink } from '../nodes/list-params.js';
import { countsText, presentStates, STATE_LOOKS } from './state-looks.js';

/** Minimum polling interval, in milliseconds: the answer is large, and changes no sooner in a large fleet. */
const LEAST_POLL_MS = 5_000;
const COLOURING_WORDS: Record<Colouring, string> = { state: 'State', cpu: 'CPU', memory: 'Memory' };

/** The whole fleet, a cell per node. */
export function FleetPicture() {
  const [{ colouring, label }, choose] = useChoices();
  const interval = usePollInterval();
  const refetchInterval = interval === false ? false : Math.max(interval, LEAST_POLL_MS);
  const { data: latest, error, refetch } = useQuery({ ...fleetNodesQuery(label), refetchInterval });
  // Deferred until the page is rendered and idle: thousands of cells must not delay input.
  const data = useDeferredValue(latest, undefined);
  const labels = data?.labels ?? [];
  const offered =
    labels.some(({ key }) => key === label) || label === '' ? labels : [{ key: label, values: 0 }, ...labels];
  return (
    <Panel
      title={data === undefined ? 'The fleet' : `The fleet: ${plural(data.total, 'compute node')}`}
      actions={
        <div className={classes['controls']}>
          <SegmentedControl
            aria-label="Colour by"
            size="xs"
            value={colouring}
            onChange={(value) => choose({ colouring: value })}
            data={COLOURINGS.map((value) => ({ value, label: COLOURING_WORDS[value] }))}
          />
          <NativeSelect
            aria-label="Group by label"
            size="xs"
            value={label}
            onChange={({ currentTarget: { value } }) => choose({ label: value })}
            data={[
              { value: '', label: 'Not grouped' },
              ...offered.map(({ key, values }) => ({ value: key, label: `By ${key} (${countText(values)})` })),
            ]}
          />
        </div>
      }
    >
      {data === undefined ? (
        error ? (
          <ErrorState title="The fleet could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="fleet" />
        )
      ) : data.total === 0 ? (
        <EmptyState icon="server" title="No compute nodes yet">
          Each node is a cell here. Register the first one on the page Compute Nodes.
        </EmptyState>
      ) : (
        <Picture fleet={data} colouring={colouring} label={data.nodes.group.length > 0 ? label : ''} />
      )}
    </Panel>
  );
}

function Picture({ fleet, colouring, label }: { fleet: FleetNodes; colouring: Colouring; label: string }) {
  const shown = fleet.nodes.id.length;
  const scheme = useComputedColorScheme('light');
  return (
    <>
      <Legend fleet={fleet} colouring={colouring} />
      {shown < fleet.total && (
        <Text size="sm" c="dimmed" mb="xs">
          {`${countText(shown)} of them are drawn; ${countText(fleet.total - shown)} healthy ones are left out.`}
        </Text>
      )}
      {/* The canvas keeps its colours, so another colour scheme means another drawing. */}
      <Cells
        key={scheme}
        fleet={fleet}
        colouring={colouring}
        label={label}
        words={`A cell for each of ${plural(shown, 'compute node')}: ${countsText(fleet.states)}. The table below has the figures.`}
      />
      <FleetTable fleet={fleet} label={label} />
    </>
  );
}

/** Legend of the colours with numbers of nodes; a state links to its nodes. */
function Legend({ fleet, colouring }: { fleet: FleetNodes; colouring: Colouring }) {
  return (
    <ul className={`${classes['legend']} live`} aria-label="What the colours mean">
      {colouring === 'state'
        ? presentStates(fleet.states).map((state) => {
            const { word, means, colour, filter } = STATE_LOOKS[state];
            return (
              <li key={state} title={means} data-state={state}>
                <span className={classes['swatch']} style={{ background: colour }} />
                <Link href={listLink(filter)}>{`${countText(fleet.states[state] ?? 0)} ${word.toLowerCase()}`}</Link>
              </li>
            );
          })
        : shareCounts(fleet.nodes[colouring]).map(({ word, colour, nodes }) => (
            <li key={word}>
              <span className={classes['swatch']} style={{ background: colour }} />
              {`${countText(nodes)} ${word}`}
            </li>
          ))}
    </ul>
  );
}

/** The address says what is shown. */
function useChoices(): [
  { colouring: Colouring; label: string },
  (change: Partial<{ colouring: Colouring; label: string }>) => void,
] {
  const params = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const colouring = COLOURINGS.find((value) => value === params.get('colour')) ?? 'state';
  const label = params.get('by') ?? '';
  return [
    { colouring, label },
    (change) => {
      const next = { colouring, label, ...change };
      const search = new URLSearchParams({
        ...(next.colouring !== 'state' && { colour: next.colouring }),
        ...(next.label !== '' && { by: next.label }),
      }).toString();
      navigate(search === '' ? '/' : `/?${search}`, { replace: true });
    },
  ];
}
