import type { EpochMs } from './states.js';

export const SESSION_STATES = [
  /** Reserved on a node that has not confirmed it yet. */
  'ASSIGNED',
  'RUNNING',
  /** Termination was asked for; the node has not confirmed it yet. */
  'TERMINATING',
  'COMPLETED',
  'FAILED',
  'TERMINATED',
  /** Its node fell silent for so long that nobody can say what became of it. */
  'LOST',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** States in which a session still occupies its node. */
export const LIVE_SESSION_STATES = ['ASSIGNED', 'RUNNING', 'TERMINATING'] as const satisfies readonly SessionState[];
export type LiveSessionState = (typeof LIVE_SESSION_STATES)[number];

/** A session as its node reports it and as the workflow's session cache holds it. */
export interface CachedSession {
  id: string;
  principal: string;
  /** Shortened by the agent to {@link MAX_STATEMENT_LENGTH} characters. */
  statement: string;
  state: LiveSessionState;
  startedAt: EpochMs;
}

/** A node holds at most this many sessions: the cache must fit a workflow's state and a heartbeat's body. */
export const MAX_SESSIONS_PER_NODE = 1_000;
export const MAX_STATEMENT_LENGTH = 200;
