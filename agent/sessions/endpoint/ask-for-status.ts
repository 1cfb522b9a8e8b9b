import { request } from 'node:http';
import { join } from 'node:path';
import { EXIT, type AgentExitCode } from '../../process/exit-codes.js';
import { whyFileFailed } from '../../process/file-errors.js';

/** An agent that works answers in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * `rollcall-agent --status`: asks the agent that uses a state folder how it is, and prints its answer. That it answers tells that it lives;
 * that the api is away is no fault of its.
 */
export async function askForStatus(stateDir: string): Promise<AgentExitCode> {
  try {
    process.stdout.write(`${await statusTextOf(stateDir)}\n`);
    return EXIT.stopped;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ECONNREFUSED' || code === 'ENOENT' ? 'none runs there' : whyFileFailed(error);
    process.stderr.write(
      `rollcall-agent: no agent answers at ${stateDir}: ${why}; name its configuration with --config, and ask as its own user or as root\n`,
    );
    return EXIT.failed;
  }
}

/** What the agent that uses the folder says of itself, as JSON. */
export function statusTextOf(stateDir: string): Promise<string> {
  const socketPath = join(stateDir, 'sessions.sock');
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, path: '/status', timeout: PATIENCE_MS, signal: AbortSignal.timeout(PATIENCE_MS) },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => resolve(text));
        answer.once('error', reject);
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}
