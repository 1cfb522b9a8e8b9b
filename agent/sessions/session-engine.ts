import type { Commands, SessionsReport } from '../../client/index.js';

/** A live session, in the words of the report. */
export type LiveSession = SessionsReport['live'][number];

/** How a session ended, in the words of the report. */
export type EndedSession = SessionsReport['ended'][number];

/** What the cluster asked this node to run. */
export type SessionOrder = Commands['open'][number];

/** How a session ended. */
export type SessionOutcome = Pick<
  SessionsReport['ended'][number],
  'state' | 'reason' | 'rows' | 'resultFile' | 'preview'
>;

/** What a session uses of the machine. */
export interface SessionUsage {
  /** Processor time since its start, in milliseconds. */
  cpuMs: number;
  /** Bytes of memory that are its own: files that are mapped and shared with others do not count. */
  memoryBytes: number;
}

/** A session that runs, or has just ended. */
export interface EngineSession {
  /** Never rejects: whatever happens to a session is how it ended. Once it has, nothing of it is left running. */
  readonly ended: Promise<SessionOutcome>;
  /** Ends it within little more than a second; TERMINATED, with this reason, unless it ended by itself before. */
  terminate(reason: string): void;
  /** Undefined where it is not known: it has just ended, or this system does not tell. */
  usage(): Promise<SessionUsage | undefined>;
}

/** What runs sessions. */
export interface SessionEngine {
  /** @param folder of its own, for the result and for what spills; it exists */
  begin(order: SessionOrder, folder: string): EngineSession;
}

/** How a session ended that has nothing to show. */
export function without(state: SessionOutcome['state'], reason: string): SessionOutcome {
  return { state, reason, rows: null, resultFile: null, preview: null };
}

/** Runs nothing, and says so: for nodes that only show other engines' sessions. */
export class NoEngine implements SessionEngine {
  begin(): EngineSession {
    return {
      ended: Promise.resolve(without('FAILED', 'this node runs no sessions: Compute.Sessions.Engine is none')),
      terminate: () => undefined,
      usage: async () => undefined,
    };
  }
}
