import { join } from 'node:path';
import { httpAnswer } from '../../process/http-answer.js';
import { whyFileFailed } from '../../process/file-errors.js';

/** An agent that works answers in milliseconds, but for what it asks its api first, and holds back. */
const PATIENCE_MS = 60_000;
/** Its status tells of every session and check. In bytes. */
const MOST_BYTES = 16 * 1_024 ** 2;

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
export async function askAgent<Answer>(
  stateDir: string,
  { method, path, body, patienceMs = PATIENCE_MS }: AgentQuestion,
): Promise<Answer> {
  const { status, text } = await httpAnswer({
    socketPath: join(stateDir, 'sessions.sock'),
    ...{ method, path, mostBytes: MOST_BYTES },
    signal: AbortSignal.timeout(patienceMs),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((error: NodeJS.ErrnoException) => {
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
