import type { EpochMs } from './states.js';

export const SESSION_STATES = [
  /** A node is being selected; none has accepted yet. */
  'PLACING',
  /** Reserved on a node that has not confirmed it yet. */
  'ASSIGNED',
  'RUNNING',
  /** Termination was requested; the node has not confirmed it yet. */
  'TERMINATING',
  'COMPLETED',
  'FAILED',
  'TERMINATED',
  /** Its node was silent for too long, or came back without it: its fate is unknown. */
  'LOST',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** States in which a session occupies its node. */
export const LIVE_SESSION_STATES = ['ASSIGNED', 'RUNNING', 'TERMINATING'] as const satisfies readonly SessionState[];
export type LiveSessionState = (typeof LIVE_SESSION_STATES)[number];

/** Final states of a session. Only LOST can be undone: when its node is heard again and still has the session. */
export const ENDED_SESSION_STATES = [
  'COMPLETED',
  'FAILED',
  'TERMINATED',
  'LOST',
] as const satisfies readonly SessionState[];
export type EndedSessionState = (typeof ENDED_SESSION_STATES)[number];

/** Who runs a session: the agent itself (placed by Rollcall), or another engine on the node, which reports it. */
export const SESSION_KINDS = ['managed', 'external'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** The engine for sessions that are placed on a node; with `none`, only other engines' sessions are shown. */
export const SESSION_ENGINES = ['duckdb', 'none'] as const;
export type SessionEngineName = (typeof SESSION_ENGINES)[number];

/** Whether sessions may be placed on a node with this engine, which may be one of a newer agent. */
export function runsPlacedSessions(engine: string): boolean {
  return engine !== 'none' && SESSION_ENGINES.some((known) => known === engine);
}

/** Resources that a session reserves on its node. */
export interface SessionResources {
  /** Number of cores, possibly with a fraction. */
  cpu: number;
  /** Bytes. */
  memory: number;
  /** Bytes, for the result and spilled data. */
  disk: number;
  /** Number of devices. */
  gpu: number;
}

export const NO_RESOURCES: SessionResources = { cpu: 0, memory: 0, disk: 0, gpu: 0 };

/** Default resources: small enough that a machine with one core runs four such sessions at a time. */
export const DEFAULT_SESSION_RESOURCES: SessionResources = {
  cpu: 0.25,
  memory: 256 * 1_024 ** 2,
  disk: 256 * 1_024 ** 2,
  gpu: 0,
};

/** A session as the workflow's session cache holds it. */
export interface CachedSession {
  id: string;
  principal: string;
  /** Truncated to {@link MAX_STATEMENT_LENGTH} characters. */
  statement: string;
  state: LiveSessionState;
  /** When the node started it; while it is ASSIGNED, when it was reserved. */
  startedAt: EpochMs;
  /** Absent if nothing is reserved, as for another engine's sessions. */
  resources?: SessionResources;
}

/** Maximum number of sessions of a node: the cache must fit into a workflow's state. */
export const MAX_SESSIONS_PER_NODE = 1_000;
export const MAX_STATEMENT_LENGTH = 200;
export const MAX_PRINCIPAL_LENGTH = 256;
/** Maximum length of a query, in characters. */
export const MAX_SQL_LENGTH = 32_768;

/** Limits of the preview of a result; the whole result is in a file on the node. */
export const MAX_PREVIEW_ROWS = 100;
export const MAX_PREVIEW_COLUMNS = 64;
/** Characters of one value. */
export const MAX_PREVIEW_VALUE_LENGTH = 256;
/** Characters of all values together. */
export const MAX_PREVIEW_LENGTH = 65_536;

/** The beginning of a query, on one line, for lists and caches. */
export function shortenedStatement(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_STATEMENT_LENGTH ? line : `${line.slice(0, MAX_STATEMENT_LENGTH - 1)}…`;
}

/**
 * Memory of a session's process beyond what was requested, in bytes: one that holds a single small row takes 99 MB
 * (Linux x64, Node 24, DuckDB 1.5).
 */
export const SESSION_PROCESS_MEMORY = 96 * 1_024 ** 2;

/** What a session with this request takes from its node. */
export function reservationFor(asked: SessionResources): SessionResources {
  return { ...asked, memory: asked.memory + SESSION_PROCESS_MEMORY };
}

/** Total reservations of these sessions. */
export function sumOfResources(parts: readonly (SessionResources | undefined)[]): SessionResources {
  const sum = { ...NO_RESOURCES };
  for (const part of parts) {
    if (part === undefined) continue;
    sum.cpu += part.cpu;
    sum.memory += part.memory;
    sum.disk += part.disk;
    sum.gpu += part.gpu;
  }
  // Sums of tenths of cores are slightly off; a precision of a thousandth of a core is enough.
  sum.cpu = Math.round(sum.cpu * 1_000) / 1_000;
  return sum;
}

/** The first ten sessions' ids, as text. */
export function listedSessions(ids: readonly string[]): string {
  return `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`;
}
