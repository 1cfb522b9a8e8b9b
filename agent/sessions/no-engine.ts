import { without, type EngineSession, type SessionEngine } from './session-engine.js';

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
