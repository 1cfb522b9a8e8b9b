import type { NodeSession, Session } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatRoundSpan } from './age.js';
import { formatBytes } from './quantity.js';
import type { Column, Style } from './table.js';

const NOTHING = '-';
const STYLES: Partial<Record<Session['state'], Style>> = {
  RUNNING: 'green',
  TERMINATING: 'yellow',
  FAILED: 'red',
  LOST: 'red',
  COMPLETED: 'dim',
  TERMINATED: 'dim',
};

type Common = Pick<Session, 'id' | 'principal' | 'state' | 'elapsedMs' | 'statement'> & {
  resources: Session['resources'] | null;
};

const id: Column<Common> = { header: 'ID', cell: (session) => session.id };
const principal: Column<Common> = { header: 'PRINCIPAL', cell: (session) => session.principal };
const state: Column<Common> = {
  header: 'STATE',
  cell: (session) => session.state,
  style: (session) => STYLES[session.state],
};
const elapsed: Column<Common> = { header: 'ELAPSED', cell: (session) => formatRoundSpan(session.elapsedMs) };
const cpu: Column<Common> = { header: 'CPU', cell: ({ resources }) => (resources ? String(resources.cpu) : NOTHING) };
const memory: Column<Common> = {
  header: 'MEMORY',
  cell: ({ resources }) => (resources ? formatBytes(resources.memory) : NOTHING),
};
/** The last column, since it is the longest. */
const statement: Column<Common> = { header: 'STATEMENT', cell: (session) => session.statement || NOTHING };

/** Columns of a node's session cache: who runs what, and for how long. */
export const NODE_SESSION_COLUMNS: readonly Column<NodeSession>[] = [id, principal, state, elapsed, statement];
export const WIDE_NODE_SESSION_COLUMNS: readonly Column<NodeSession>[] = [
  id,
  principal,
  state,
  elapsed,
  cpu,
  memory,
  statement,
];

const node: Column<Session> = { header: 'NODE', cell: (session) => session.node ?? NOTHING };

/** Columns of sessions of all nodes. */
export const SESSION_COLUMNS: readonly Column<Session>[] = [id, node, principal, state, elapsed, statement];

/** Additional columns of `-o wide`; ages are relative to `now`. */
export function wideSessionColumns(now: EpochMs): readonly Column<Session>[] {
  return [
    ...[id, node, principal, state],
    { header: 'OPENED', cell: (session) => formatAge(session.openedAt, now) },
    elapsed,
    { header: 'ROWS', cell: ({ rows }) => (rows === null ? NOTHING : String(rows)) },
    ...[cpu, memory],
    { header: 'BY', cell: (session) => session.openedBy },
    { header: 'REASON', cell: (session) => session.reason || NOTHING },
    statement,
  ];
}
