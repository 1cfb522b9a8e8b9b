/** Exit codes of the agent. A supervisor should not restart it after 2, 3 and 4: see README.md. */
export const EXIT = {
  /** Stopped as requested. */
  stopped: 0,
  /** A failure that a restart may cure: a full disk, an agent that already runs here. */
  failed: 1,
  /** The configuration is invalid or incomplete. */
  misconfigured: 2,
  /** An administrator removed this node. */
  removed: 3,
  /** The orchestrator refused to let this machine join. */
  refused: 4,
} as const;
export type AgentExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The agent cannot go on. The message is one sentence for people, with the remedy. */
export class FatalError extends Error {
  override readonly name = 'FatalError';

  constructor(
    message: string,
    readonly exitCode: AgentExitCode,
  ) {
    super(message);
  }
}
