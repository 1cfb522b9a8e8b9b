import { EXIT, type AgentExitCode } from '../../process/exit-codes.js';
import { askAgent, NoAgent } from './ask-agent.js';

/** An agent that works answers in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * `rollcall-agent --status`: asks the agent that uses a state folder how it is, and prints its answer. That it answers tells that it lives;
 * that the api is away is no fault of its.
 */
export async function askForStatus(stateDir: string): Promise<AgentExitCode> {
  try {
    process.stdout.write(`${JSON.stringify(await agentStatusAt(stateDir))}\n`);
    return EXIT.stopped;
  } catch (error) {
    if (!(error instanceof NoAgent)) throw error;
    process.stderr.write(`rollcall-agent: ${error.message}\n`);
    return EXIT.failed;
  }
}

/** What the agent that uses the folder says of itself. @throws NoAgent */
export function agentStatusAt(stateDir: string): Promise<object> {
  return askAgent(stateDir, { method: 'GET', path: '/status', patienceMs: PATIENCE_MS });
}
