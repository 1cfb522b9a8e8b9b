import { Anchor } from '@mantine/core';
import { createColumnHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table';
import { Link } from 'wouter';
import type { Node } from '../../../client/index.js';
import { isCatchingUp } from '../../../contract/catching-up.js';
import { isHeard } from '../../../contract/health.js';
import { measure } from '../../../contract/measures.js';
import { NodeActionMenu } from '../actions/node-action-menu.js';
import { FitnessWord } from '../parts/fitness-word.js';
import { LabelList } from '../parts/label-list.js';
import { PhaseWord } from '../parts/phase-word.js';
import { PlanMark } from '../parts/plan-mark.js';
import { plural, countText, percentText, sizeText } from '../parts/size-text.js';
import { StatusWord } from '../parts/status-word.js';
import { UsageBar } from '../parts/usage-bar.js';
import { LateDecision } from '../parts/late-decision.js';
import { Age } from '../time/age.js';
import type { NodeSort } from '../../../contract/node-order.js';
import { nodePath } from './node-path.js';
import { CpuTrace } from './cpu-trace.js';
import classes from './cpu-trace.module.css';

/** The features of TanStack Table that the list uses; paging, sorting and filtering are the api's. */
export const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, Node>();

/** The api's sort key per column: ascending, or descending with a hyphen in front. */
export const SORTABLE: Partial<Record<string, NodeSort>> = {
  id: 'id',
  phase: 'phase',
  status: 'status',
  lastHeartbeat: 'lastHeartbeat',
  cpu: 'cpu',
  memory: 'memory',
  sessions: 'activeSessions',
  version: 'version',
};

/** Columns with right-aligned figures. */
export const NUMERIC: ReadonlySet<string> = new Set(['connections', 'sessions']);

export const columns = helper.columns([
  helper.display({
    id: 'id',
    header: 'ID',
    cell: ({ row: { original: node } }) => (
      <>
        <Anchor component={Link} href={nodePath(node.id)} fz="inherit" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {node.id}
        </Anchor>
        {node.info && node.info.hostname !== node.id && <small>{node.info.hostname}</small>}
      </>
    ),
  }),
  helper.accessor('type', { id: 'type', header: 'Type' }),
  helper.display({
    id: 'phase',
    header: 'Phase',
    cell: ({ row: { original: node } }) => (
      <>
        <PhaseWord node={node} />
        <PlanMark node={node} />
        {node.drain && (
          <small>{`${sessionsLeft(node.drain.remaining)}${node.drain.thenRemove ? ', then removed' : ''}`}</small>
        )}
      </>
    ),
  }),
  helper.display({ id: 'status', header: 'Status', cell: ({ row: { original: node } }) => <StatusWord node={node} /> }),
  helper.display({
    id: 'lastHeartbeat',
    header: 'Last heartbeat',
    cell: ({ row: { original: node } }) =>
      node.lastHeartbeat === null ? (
        <Nothing>never</Nothing>
      ) : (
        <span className="live numeric">
          <Age at={node.lastHeartbeat} />
        </span>
      ),
  }),
  helper.display({
    id: 'cpu',
    header: 'CPU',
    cell: ({ row: { original: node } }) =>
      node.resources ? (
        <span className={classes['cpu']}>
          <UsageBar
            label={`CPU of ${node.id}`}
            fraction={node.resources.cpu.utilization}
            title={`${percentText(node.resources.cpu.utilization)} of ${plural(node.resources.cpu.cores, 'core')}`}
            old={!isHeard(node)}
          />
          <CpuTrace uid={node.uid} id={node.id} />
        </span>
      ) : (
        <Nothing />
      ),
  }),
  helper.display({
    id: 'memory',
    header: 'Memory',
    cell: ({ row: { original: node } }) => {
      if (!node.resources) return <Nothing />;
      const { usedBytes, totalBytes } = node.resources.memory;
      return (
        <UsageBar
          label={`Memory of ${node.id}`}
          fraction={totalBytes > 0 ? usedBytes / totalBytes : 0}
          title={`${sizeText(usedBytes)} of ${sizeText(totalBytes)}`}
          old={!isHeard(node)}
          warns={measure('memoryUsedBytes').warns}
        />
      );
    },
  }),
  helper.display({
    id: 'connections',
    header: 'Connections',
    cell: ({ row: { original: node } }) => (node.resources ? countText(node.resources.connections) : <Nothing />),
  }),
  helper.display({
    id: 'fitness',
    header: 'Fitness',
    cell: ({ row: { original: node } }) => <FitnessWord conditions={node.conditions} />,
  }),
  helper.display({
    id: 'sessions',
    header: 'Sessions',
    cell: ({ row: { original: node } }) => (
      <>
        {countText(node.activeSessions)}
        {isCatchingUp(node) && <LateDecision node={node}>{() => <small>out of date</small>}</LateDecision>}
      </>
    ),
  }),
  helper.display({
    id: 'version',
    header: 'Version',
    cell: ({ row: { original: node } }) => (
      <>
        {node.info?.agentVersion ?? <Nothing />}
        {node.outdated && <small title={`older than the api (${node.outdated.api})`}>outdated</small>}
      </>
    ),
  }),
  helper.display({
    id: 'labels',
    header: 'Labels',
    cell: ({ row: { original: node } }) => <LabelList labels={node.labels} most={3} />,
  }),
  helper.display({
    id: 'actions',
    header: 'Actions',
    cell: ({ row: { original: node } }) => <NodeActionMenu node={node} />,
  }),
]);

function sessionsLeft(remaining: readonly string[] | null): string {
  return remaining === null ? 'remaining sessions not known yet' : `${plural(remaining.length, 'session')} left`;
}

function Nothing({ children = 'none' }: { children?: string }) {
  return <span data-nothing>{children}</span>;
}
