import type { Session } from '../../client/types.gen.js';
import { formatSpan } from './age.js';
import type { Column } from './table.js';

/** A node's session cache: who runs what, for how long. The statement comes last: it is the longest. */
export const SESSION_COLUMNS: readonly Column<Session>[] = [
  { header: 'ID', cell: (session) => session.id },
  { header: 'PRINCIPAL', cell: (session) => session.principal },
  { header: 'STATE', cell: (session) => session.state, style: (session) => (session.state === 'TERMINATING' ? 'yellow' : undefined) },
  { header: 'ELAPSED', cell: (session) => formatSpan(session.elapsedMs) },
  { header: 'STATEMENT', cell: (session) => session.statement || '-' },
];
