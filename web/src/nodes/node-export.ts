import type { Node } from '../../../client/index.js';
import { unfitBy } from '../parts/fitness-word.js';

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Columns of the CSV; the JSON has everything that the api returns for a node. */
const COLUMNS: readonly [head: string, cell: (node: Node) => string | number | null | undefined][] = [
  ['id', ({ id }) => id],
  ['uid', ({ uid }) => uid],
  ['type', ({ type }) => type],
  ['hostname', ({ info }) => info?.hostname],
  ['phase', ({ phase }) => phase],
  ['status', ({ status }) => status],
  ['approval', ({ approval }) => approval.value],
  ['availability', ({ availability }) => availability.value],
  ['liveness', ({ liveness }) => liveness.value],
  ['liveness_reason', ({ liveness }) => liveness.reason],
  ['missed_heartbeats', ({ missedHeartbeats }) => missedHeartbeats],
  ['last_heartbeat', ({ lastHeartbeat }) => lastHeartbeat],
  ['active_sessions', ({ activeSessions }) => activeSessions],
  ['unfit', ({ conditions }) => unfitBy(conditions).join(' ')],
  ['cpu_cores', ({ resources }) => resources?.cpu.cores],
  ['cpu_utilization', ({ resources }) => resources?.cpu.utilization],
  ['memory_total_bytes', ({ resources }) => resources?.memory.totalBytes],
  ['memory_used_bytes', ({ resources }) => resources?.memory.usedBytes],
  ['disk_total_bytes', ({ resources }) => resources?.disk?.totalBytes],
  ['disk_used_bytes', ({ resources }) => resources?.disk?.usedBytes],
  ['connections', ({ resources }) => resources?.connections],
  ['agent_version', ({ info }) => info?.agentVersion],
  ['labels', ({ labels }) => labelsOf(labels)],
  ['description', ({ description }) => description],
  ['created_at', ({ createdAt }) => createdAt],
  ['joined_at', ({ joinedAt }) => joinedAt],
];

/** The nodes as the text of a file: RFC 4180, or one JSON array. */
export function exportText(format: ExportFormat, nodes: readonly Node[]): string {
  if (format === 'json') return `${JSON.stringify(nodes, null, 2)}\n`;
  const rows = [COLUMNS.map(([head]) => head), ...nodes.map((node) => COLUMNS.map(([, cell]) => cellText(cell(node))))];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

function labelsOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

/** Puts an apostrophe before what a spreadsheet would take for a formula: hostnames, labels and descriptions may be anybody's. */
function cellText(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
