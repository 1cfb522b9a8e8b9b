import type { NodeEvent } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column } from './table.js';

const rest: readonly Column<NodeEvent>[] = [
  { header: 'EVENT', cell: (event) => event.type },
  { header: 'BY', cell: (event) => event.by },
  { header: 'REASON', cell: (event) => event.reason || '-' },
];

/** What happened, how long ago, by whom and why. */
export function eventColumns(now: EpochMs): readonly Column<NodeEvent>[] {
  return [{ header: 'AGE', cell: (event) => formatAge(event.at, now) }, ...rest];
}

/** The same for many nodes, with exact times, since lines stay while time passes. */
export const FOLLOWED_EVENT_COLUMNS: readonly Column<NodeEvent>[] = [
  { header: 'TIME', cell: (event) => event.at },
  { header: 'NODE', cell: (event) => event.node },
  ...rest,
];

/** The same with exact times and addresses, for the audit. */
export const WIDE_EVENT_COLUMNS: readonly Column<NodeEvent>[] = [
  { header: 'TIME', cell: (event) => event.at },
  { header: 'NODE', cell: (event) => event.node },
  { header: 'FROM', cell: (event) => event.from ?? '-' },
  ...rest,
];
