import { Paper, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import type { Cluster } from '../../../client/index.js';
import { statusCounts } from '../../../contract/health.js';
import { measure } from '../../../contract/measures.js';
import { countText, plural, sizeText } from '../parts/size-text.js';
import { phaseWord } from '../parts/phase-word.js';
import { UsageBar } from '../parts/usage-bar.js';
import { LISTED_PHASES, NO_FILTER, readParams, writeParams, type ListParams } from './list-params.js';
import classes from './fleet-tiles.module.css';

/** Phases of nodes with an agent. */
const USED_PHASES = LISTED_PHASES.filter((phase) => phase !== 'REGISTERED');

/** The fleet in numbers; each links to the nodes that it counts. */
export function FleetTiles({ cluster: { nodes, activeSessions, resources } }: { cluster: Cluster }) {
  const phases = LISTED_PHASES.map((phase) => ({ phase, count: nodes.byPhase[phase] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  const { HEALTHY: healthy, UNHEALTHY: unhealthy, UNKNOWN: notKnown, STOPPED: stopped } = statusCounts(nodes);
  // Unused slots are not unknown.
  const unknown = Math.max(0, notKnown - (nodes.byPhase['REGISTERED'] ?? 0));
  return (
    <section className={classes['tiles']} aria-label="The fleet">
      <Tile
        title="Nodes"
        figure={
          <Filtered to={{}} what="nodes">
            {countText(nodes.total)}
          </Filtered>
        }
        wide
      >
        {phases.map(({ phase, count }) => (
          <Filtered key={phase} to={{ phase: [phase] }}>
            {`${countText(count)} ${phaseWord(phase).toLowerCase()}`}
          </Filtered>
        ))}
      </Tile>
      <Tile
        title="Healthy"
        figure={
          <Filtered to={{ liveness: ['HEALTHY'] }} what="healthy nodes">
            {countText(healthy)}
          </Filtered>
        }
      >
        {unhealthy > 0 && <Filtered to={{ liveness: ['UNHEALTHY'] }}>{`${countText(unhealthy)} unhealthy`}</Filtered>}
        {unknown > 0 && (
          <Filtered to={{ liveness: ['UNKNOWN'], phase: USED_PHASES }}>{`${countText(unknown)} unknown`}</Filtered>
        )}
        {stopped > 0 && <Filtered to={{ stopped: true }}>{`${countText(stopped)} stopped`}</Filtered>}
        {nodes.overdue > 0 && (
          <Filtered to={{ liveness: ['HEALTHY'], warning: true }}>{`${countText(nodes.overdue)} not judged`}</Filtered>
        )}
        {unhealthy + unknown + stopped + nodes.overdue === 0 && (nodes.total > 0 ? 'All healthy' : 'none yet')}
      </Tile>
      <Tile
        title="Warnings"
        figure={
          <Filtered to={{ warning: true }} what="nodes with a warning">
            {countText(nodes.warnings)}
          </Filtered>
        }
        tone={nodes.warnings > 0 ? 'warn' : undefined}
      >
        {nodes.warnings > 0 ? 'miss heartbeats' : 'none missing'}
      </Tile>
      <Tile
        title="Draining"
        figure={
          <Filtered to={{ phase: ['DRAINING'] }} what="draining nodes">
            {countText(nodes.byPhase['DRAINING'] ?? 0)}
          </Filtered>
        }
      >
        <Filtered to={{ phase: ['DRAINED'] }}>{`${countText(nodes.byPhase['DRAINED'] ?? 0)} drained`}</Filtered>
      </Tile>
      <Tile title="Sessions" figure={countText(activeSessions)}>
        active now
      </Tile>
      <Tile title="CPU" unit={resources.cpuCores === 1 ? 'core' : 'cores'} figure={countText(resources.cpuCores)}>
        <UsageBar
          label="CPU of the fleet"
          fraction={share(resources.cpuUsedCores, resources.cpuCores)}
          title={`${resources.cpuUsedCores.toFixed(1)} of ${plural(resources.cpuCores, 'core')}`}
        />
      </Tile>
      <Tile title="Memory" figure={sizeText(resources.memoryTotalBytes)}>
        <UsageBar
          label="Memory of the fleet"
          fraction={share(resources.memoryUsedBytes, resources.memoryTotalBytes)}
          title={`${sizeText(resources.memoryUsedBytes)} of ${sizeText(resources.memoryTotalBytes)}`}
          warns={measure('memoryUsedBytes').warns}
        />
      </Tile>
    </section>
  );
}

function share(used: number, total: number): number {
  return total > 0 ? used / total : 0;
}

interface TileProps {
  title: string;
  /** Of the figure. */
  unit?: string;
  figure: ReactNode;
  tone?: 'warn' | undefined;
  wide?: boolean;
  children: ReactNode;
}

function Tile({ title, unit, figure, tone, wide, children }: TileProps) {
  return (
    <Paper withBorder className={classes['tile'] ?? ''} data-wide={wide} data-tile={title}>
      <Text size="xs" fw={600} c="dimmed" component="h2">
        {title}
        {unit !== undefined && ` ${unit}`}
      </Text>
      <div className={`${classes['figure']} live numeric`} data-tone={tone}>
        {figure}
      </div>
      <Text size="xs" c="dimmed" component="div" className={classes['more'] ?? ''}>
        {children}
      </Text>
    </Paper>
  );
}

/** A link to the list with only this filter, keeping order and page size. @param what names the bare figure for screen readers */
function Filtered({ to, what, children }: { to: Partial<ListParams>; what?: string; children: string }) {
  const search = writeParams({ ...readParams(useSearch()), ...NO_FILTER, cursor: '', ...to });
  return (
    <Link href={search === '' ? '/nodes' : `/nodes?${search}`} className={classes['link'] ?? ''}>
      {children}
      {what !== undefined && <VisuallyHidden> {what}</VisuallyHidden>}
    </Link>
  );
}
