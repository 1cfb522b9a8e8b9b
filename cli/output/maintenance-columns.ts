import type { Maintenance } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatAhead } from './age.js';
import type { Column } from './table.js';

const NOTHING = '-';
/** Further nodes are counted. */
const MOST_SHOWN = 3;

export function maintenanceColumns(now: EpochMs): readonly Column<Maintenance>[] {
  return [
    { header: 'BEGINS', cell: ({ at }) => (Date.parse(at) > now ? formatAhead(at, now) : `${formatAge(at, now)} ago`) },
    { header: 'ENDS', cell: ({ until }) => (until === null ? NOTHING : formatAhead(until, now)) },
    { header: 'NODES', cell: ({ nodes }) => shownNodes(nodes, MOST_SHOWN) },
    { header: 'DRAIN', cell: drains },
    { header: 'WINDOW', cell: ({ window }) => window?.name ?? NOTHING },
    { header: 'BY', cell: ({ by }) => by },
    { header: 'REASON', cell: ({ reason }) => reason || NOTHING },
  ];
}

/** Additional columns of `-o wide`. */
export function wideMaintenanceColumns(now: EpochMs): readonly Column<Maintenance>[] {
  return [
    ...maintenanceColumns(now),
    { header: 'FROM', cell: ({ at }) => at },
    { header: 'UNTIL', cell: ({ until }) => until ?? NOTHING },
  ];
}

/** The set, or the sets that wait for the window. Older apis know no windows. */
function drains({ drain, window }: Maintenance): string {
  return drain ?? (window?.waiting.map(({ id }) => id).join(',') || NOTHING);
}

function shownNodes({ count, names }: Maintenance['nodes'], most: number): string {
  if (count === 0) return NOTHING;
  const shown = names.slice(0, most).join(',');
  return count > most ? `${shown} and ${count - most} more` : shown;
}
