import type { Node } from '../../client/types.gen.js';
import { isWell } from '../../contract/health.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatAhead } from './age.js';
import { formatBytes, formatFraction } from './quantity.js';
import type { Column, Style } from './table.js';

const NOTHING = '-';

const STATUS_STYLE: Record<Node['status'], Style> = {
  HEALTHY: 'green',
  CONNECTED: 'green',
  UNHEALTHY: 'red',
  DISCONNECTED: 'red',
  UNKNOWN: 'yellow',
  STOPPED: 'yellow',
};
const APPROVAL_STYLE: Partial<Record<Node['approval']['value'], Style>> = { PENDING: 'yellow', REJECTED: 'red' };

const id: Column<Node> = { header: 'ID', cell: (node) => node.id };
const type: Column<Node> = { header: 'TYPE', cell: (node) => node.type };
const approval: Column<Node> = {
  header: 'APPROVAL',
  cell: (node) => node.approval.value,
  style: (node) => APPROVAL_STYLE[node.approval.value],
};
const status: Column<Node> = {
  header: 'STATUS',
  cell: (node) => node.status,
  style: (node) => (STATUS_STYLE[node.status] === 'green' && !isWell(node) ? 'yellow' : STATUS_STYLE[node.status]),
};

/** The four default columns of `rollcall node list`. */
export const NODE_COLUMNS: readonly Column<Node>[] = [id, type, approval, status];

/** Additional columns of `-o wide`; ages are relative to `now`. */
export function wideNodeColumns(now: EpochMs): readonly Column<Node>[] {
  return [
    id,
    type,
    approval,
    { ...status, cell: statusWithWarning },
    { header: 'PHASE', cell: (node) => phaseWithPlan(node, now) },
    { header: 'HEARTBEAT', cell: (node) => (node.lastHeartbeat ? formatAge(node.lastHeartbeat, now) : NOTHING) },
    { header: 'CPU', cell: cpu },
    { header: 'MEMORY', cell: memory },
    { header: 'UNFIT', cell: unfitBy, style: (node) => (unfitBy(node) === NOTHING ? undefined : 'red') },
    { header: 'SESSIONS', cell: (node) => String(node.activeSessions) },
    { header: 'VERSION', cell: version, style: (node) => (node.outdated ? 'yellow' : undefined) },
    { header: 'LABELS', cell: (node) => formatLabels(node.labels) },
  ];
}

/**
 * `HEALTHY (2 missed)`: still healthy, but has missed heartbeats in a row; `(copied)`: several machines use the identity;
 * `UNKNOWN (not judged, 9 missed)`: overdue.
 */
export function statusWithWarning(node: Node): string {
  const warnings = [
    ...(node.overdue ? ['not judged'] : []),
    ...(node.warning ? [`${node.missedHeartbeats} missed`] : []),
    ...(node.copied ? ['copied'] : []),
  ];
  return warnings.length === 0 ? node.status : `${node.status} (${warnings.join(', ')})`;
}

/** `ACTIVE (out in 3h)`: a deactivate is planned; `DRAINED (back in 2h)`: its end is. Older apis report neither. */
export function phaseWithPlan(
  { phase, until, planned }: Pick<Node, 'phase' | 'until' | 'planned'>,
  now: EpochMs,
): string {
  const says = [
    ...(until ? [`back ${formatAhead(until, now)}`] : []),
    ...(planned ? [`out ${formatAhead(planned.at, now)}`] : []),
  ];
  return says.length === 0 ? phase : `${phase} (${says.join(', ')})`;
}

/** `pool=a,zone=b`, sorted by key. */
export function formatLabels(labels: Record<string, string>): string {
  const pairs = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return pairs.join(',') || NOTHING;
}

/** The checks that did it. */
function unfitBy({ conditions }: Node): string {
  const unfit = (conditions ?? []).filter(({ status: fitness }) => fitness === 'UNFIT');
  return unfit.map(({ type: check }) => check).join(',') || NOTHING;
}

function version({ info, outdated }: Node): string {
  if (!info) return NOTHING;
  return outdated ? `${info.agentVersion} (outdated)` : info.agentVersion;
}

function cpu(node: Node): string {
  if (!node.resources) return NOTHING;
  const { utilization, cores } = node.resources.cpu;
  return `${formatFraction(utilization)} of ${cores}`;
}

function memory(node: Node): string {
  if (!node.resources) return NOTHING;
  const { usedBytes, totalBytes } = node.resources.memory;
  return `${formatFraction(totalBytes === 0 ? 0 : usedBytes / totalBytes)} of ${formatBytes(totalBytes)}`;
}
