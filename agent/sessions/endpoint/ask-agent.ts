import { request } from 'node:http';
import { join } from 'node:path';
import { whyFileFailed } from '../../process/file-errors.js';

/** An agent that works answers in milliseconds, but for what it asks its api first, and holds back. */
const PATIENCE_MS = 60_000;

export interface AgentQuestion {
  method: 'GET' | 'PUT';
  path: string;
  body?: object;
  patienceMs?: number;
}

/** No agent answered, or it said no; the message is one sentence. */
export class NoAgent extends Error {
  override readonly name = 'NoAgent';
}

/**
 * Asks the agent that uses a state folder, by its socket.
 * @throws NoAgent
 */
export async function askAgent<Answer>(stateDir: string, question: AgentQuestion): Promise<Answer> {
  const { status, text } = await answerTo(stateDir, question).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'none runs there' : whyFileFailed(error);
    throw new NoAgent(
      `no agent answers at ${stateDir}: ${why}; name its configuration with --config, and ask as its own user or as root`,
    );
  });
  if (status === 404)
    throw new NoAgent(`the agent at ${stateDir} is of an earlier version, and does not know of this: start it again`);
  const answer = JSON.parse(text) as Answer & { detail?: string };
  if (status !== 200) throw new NoAgent(answer.detail ?? `the agent answers ${status}`);
  return answer;
}

function answerTo(
  stateDir: string,
  { method, path, body, patienceMs = PATIENCE_MS }: AgentQuestion,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: join(stateDir, 'sessions.sock'),
        method,
        path,
        ...(body && { headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(patienceMs),
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.once('error', reject);
      },
    );
    asked.once('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}
