import { join } from 'node:path';
import { httpAnswer } from '../../process/http-answer.js';
import { whyFileFailed } from '../../process/file-errors.js';

/** Timeout in milliseconds. The agent answers within a few, except where it holds the request or has to ask its api. */
const PATIENCE_MS = 60_000;
/** Maximum size of an answer in bytes: the status lists every session and check. */
const MOST_BYTES = 16 * 1_024 ** 2;

export interface AgentQuestion {
  method: 'GET' | 'PUT';
  path: string;
  body?: object;
  patienceMs?: number;
}

/** No agent answered, or it refused; the message is one sentence. */
export class NoAgent extends Error {
  override readonly name = 'NoAgent';
}

/**
 * Sends a request to the agent that uses a state folder, over its socket.
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
