import type { SessionResources } from '../../contract/sessions.js';
import type { SessionOutcome } from './session-engine.js';

/** Messages from the agent to a session's process: first what to run, later perhaps to interrupt it. */
export type ToWorker = { kind: 'run'; query: Query } | { kind: 'interrupt' };

/** The one message from a session's process to the agent. The process then waits to be ended. */
export interface FromWorker {
  kind: 'ended';
  outcome: SessionOutcome;
}

/** Everything that a session's process is told. */
export interface Query {
  sql: string;
  resources: SessionResources;
  /** For the result and spilled data. */
  folder: string;
  /** Whether SQL may access files and the network. */
  allowExternal: boolean;
}
