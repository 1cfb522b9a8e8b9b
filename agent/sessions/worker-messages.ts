import type { SessionResources } from '../../contract/sessions.js';
import type { SessionOutcome } from './session-engine.js';

/** What the agent says to a session's process: first what to run, later perhaps to break it off. */
export type ToWorker = { kind: 'run'; query: Query } | { kind: 'interrupt' };

/** What a session's process says to the agent, once. Then it waits to be ended. */
export interface FromWorker {
  kind: 'ended';
  outcome: SessionOutcome;
}

/** All that a session's process knows. */
export interface Query {
  sql: string;
  resources: SessionResources;
  /** For the result and for what spills. */
  folder: string;
  /** Whether SQL may reach files and the network. */
  allowExternal: boolean;
}
