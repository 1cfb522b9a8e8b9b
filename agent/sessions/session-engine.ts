import type { Commands, SessionsReport } from '../../client/index.js';

/** A live session, as reported. */
export type LiveSession = SessionsReport['live'][number];

/** How a session ended, as reported. */
export type EndedSession = SessionsReport['ended'][number];

/** A session that the cluster assigned to this node. */
export type SessionOrder = Commands['open'][number];

/** How a session ended. */
export type SessionOutcome = Pick<
  SessionsReport['ended'][number],
  'state' | 'reason' | 'rows' | 'resultFile' | 'preview'
>;

/** A session's use of the machine. */
export interface SessionUsage {
  /** Processor time since its start, in milliseconds. */
  cpuMs: number;
  /** Private memory in bytes, without mapped files that are shared with others. */
  memoryBytes: number;
}

/** A session that runs, or has just ended. */
export interface EngineSession {
  /** The outcome. Never rejects; nothing of the session runs once it has resolved. */
  readonly ended: Promise<SessionOutcome>;
  /** Ends it within little more than a second, as TERMINATED with this reason, unless it ended by itself before. */
  terminate(reason: string): void;
  /** Undefined if unknown: it has just ended, or this system does not tell. */
  usage(): Promise<SessionUsage | undefined>;
}

/** Runs sessions. */
export interface SessionEngine {
  /** @param folder the session's existing folder, for its result and spilled data */
  begin(order: SessionOrder, folder: string): EngineSession;
}

/** The outcome of a session that has nothing to show. */
export function without(state: SessionOutcome['state'], reason: string): SessionOutcome {
  return { state, reason, rows: null, resultFile: null, preview: null };
}

/** Fails every session, for nodes that only show other engines' sessions. */
export class NoEngine implements SessionEngine {
  begin(): EngineSession {
    return {
      ended: Promise.resolve(without('FAILED', 'this node runs no sessions: Compute.Sessions.Engine is none')),
      terminate: () => undefined,
      usage: async () => undefined,
    };
  }
}
