import type { EpochMs } from './states.js';

export const SESSION_STATES = [
  /** A node is being chosen; none has accepted yet. */
  'PLACING',
  /** Reserved on a node that has not confirmed it yet. */
  'ASSIGNED',
  'RUNNING',
  /** Termination was asked for; the node has not confirmed it yet. */
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

/** Final states of a session. Only LOST is taken back: when its node is heard again and still has the session. */
export const ENDED_SESSION_STATES = [
  'COMPLETED',
  'FAILED',
  'TERMINATED',
  'LOST',
] as const satisfies readonly SessionState[];
export type EndedSessionState = (typeof ENDED_SESSION_STATES)[number];

/** Who runs a session: the agent itself (placed by Rollcall), or another engine on the node that shows it. */
export const SESSION_KINDS = ['managed', 'external'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** What runs the sessions that are placed on a node; on one with `none` only other engines' are shown. */
export const SESSION_ENGINES = ['duckdb', 'none'] as const;
export type SessionEngineName = (typeof SESSION_ENGINES)[number];

/** Whether sessions may be placed on a node with this engine, which a newer agent may have named. */
export function runsPlacedSessions(engine: string): boolean {
  return engine !== 'none' && SESSION_ENGINES.some((known) => known === engine);
}

/** What a session reserves of its node. */
export interface SessionResources {
  /** Cores, in parts of one too. */
  cpu: number;
  /** Bytes. */
  memory: number;
  /** Bytes, for the result and for what spills. */
  disk: number;
  /** Devices. */
  gpu: number;
}

export const NO_RESOURCES: SessionResources = { cpu: 0, memory: 0, disk: 0, gpu: 0 };

/** What a session that asks for nothing gets: small enough that a machine with one core runs four at a time. */
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
  /** Shortened to {@link MAX_STATEMENT_LENGTH} characters. */
  statement: string;
  state: LiveSessionState;
  /** When the node began it; while it is ASSIGNED, when it was reserved. */
  startedAt: EpochMs;
  /** Absent where nothing is reserved: another engine's sessions. */
  resources?: SessionResources;
}

/** A node holds at most this many sessions: the cache must fit a workflow's state. */
export const MAX_SESSIONS_PER_NODE = 1_000;
export const MAX_STATEMENT_LENGTH = 200;
export const MAX_PRINCIPAL_LENGTH = 256;
/** Characters of a query. */
export const MAX_SQL_LENGTH = 32_768;

/** What of a result is kept in the record; the whole of it is in the node's result file. */
export const MAX_PREVIEW_ROWS = 100;
export const MAX_PREVIEW_COLUMNS = 64;
/** Characters of one value in a preview. */
export const MAX_PREVIEW_VALUE_LENGTH = 256;
/** Characters of all values of a preview together. */
export const MAX_PREVIEW_LENGTH = 65_536;

/** The beginning of a query, on one line, as lists and caches show it. */
export function shortenedStatement(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_STATEMENT_LENGTH ? line : `${line.slice(0, MAX_STATEMENT_LENGTH - 1)}…`;
}

/**
 * What the process of a session takes beside the memory that was asked for, in bytes: one that holds a single small row takes 99 MB
 * (Linux x64, Node 24, DuckDB 1.5).
 */
export const SESSION_PROCESS_MEMORY = 96 * 1_024 ** 2;

/** What a session takes of its node that asked for this. */
export function reservationFor(asked: SessionResources): SessionResources {
  return { ...asked, memory: asked.memory + SESSION_PROCESS_MEMORY };
}

/** What these sessions reserve together. */
export function sumOfResources(parts: readonly (SessionResources | undefined)[]): SessionResources {
  const sum = { ...NO_RESOURCES };
  for (const part of parts) {
    if (part === undefined) continue;
    sum.cpu += part.cpu;
    sum.memory += part.memory;
    sum.disk += part.disk;
    sum.gpu += part.gpu;
  }
  // Tenths of cores add up to something a little off; a thousandth of a core is what counts.
  sum.cpu = Math.round(sum.cpu * 1_000) / 1_000;
  return sum;
}
