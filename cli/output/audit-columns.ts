import type { AuditEvent } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column } from './table.js';

const rest: readonly Column<AuditEvent>[] = [
  { header: 'EVENT', cell: (event) => event.type },
  { header: 'NODE', cell: (event) => event.node ?? '-' },
  { header: 'BY', cell: (event) => event.by },
  { header: 'FROM', cell: (event) => event.from ?? '-' },
];
const reason: Column<AuditEvent> = { header: 'REASON', cell: (event) => event.reason || '-' };

/** Who decided what, how long ago, from where and why. */
export function auditColumns(now: EpochMs): readonly Column<AuditEvent>[] {
  return [{ header: 'AGE', cell: (event) => formatAge(event.at, now) }, ...rest, reason];
}

/** The same with exact times and ids: of the author, and of the token concerned. */
export const WIDE_AUDIT_COLUMNS: readonly Column<AuditEvent>[] = [
  { header: 'TIME', cell: (event) => event.at },
  ...rest,
  { header: 'BY ID', cell: (event) => event.byId ?? '-' },
  { header: 'TOKEN', cell: (event) => event.token ?? '-' },
  reason,
];
