import { EXIT, type AgentExitCode } from '../../process/exit-codes.js';
import { askAgent, NoAgent } from './ask-agent.js';

/** Timeout in milliseconds; the agent answers within a few. */
const PATIENCE_MS = 5_000;

/**
 * `rollcall-agent --status`: prints the status of the agent that uses a state folder. An answer means that the agent is alive; an unreachable
 * api is no failure of the agent.
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

/** Status of the agent that uses the folder. @throws NoAgent */
export function agentStatusAt(stateDir: string): Promise<object> {
  return askAgent(stateDir, { method: 'GET', path: '/status', patienceMs: PATIENCE_MS });
}
