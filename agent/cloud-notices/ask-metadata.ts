import { request, type IncomingMessage } from 'node:http';

/** A metadata server is on the machine's own host and answers in milliseconds. */
const PATIENCE_MS = 2_000;
/** Far more than any notice is long, in bytes. */
const MOST_BYTES = 65_536;

export interface MetadataQuestion {
  /** Of the server: `http://169.254.169.254`. */
  address: string;
  path: string;
  method?: 'GET' | 'PUT';
  headers?: Record<string, string>;
}

export interface MetadataAnswer {
  status: number;
  text: string;
  headers: IncomingMessage['headers'];
}

/**
 * One question to a provider's metadata server, bounded in time and size. Not by fetch, which follows HTTP_PROXY: what a proxy's machine is told is of no
 * use here. Redirects are not followed.
 * @throws Error with one sentence
 */
export async function askMetadata(question: MetadataQuestion, stop: AbortSignal): Promise<MetadataAnswer> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    return await answerTo(question, signal);
  } catch (error) {
    stop.throwIfAborted();
    const why = signal.aborted ? `no answer within ${PATIENCE_MS / 1_000} s` : (error as Error).message;
    throw new Error(`${question.address} does not answer: ${why}`, { cause: error });
  }
}

function answerTo(
  { address, path, method = 'GET', headers = {} }: MetadataQuestion,
  signal: AbortSignal,
): Promise<MetadataAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, address), { method, headers, signal, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MOST_BYTES) answer.destroy(new Error(`its answer is longer than ${MOST_BYTES} bytes`));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          headers: answer.headers,
        }),
      );
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** @throws Error where a server says something that its protocol has not */
export function unexpected({ address, path }: MetadataQuestion, { status }: Pick<MetadataAnswer, 'status'>): Error {
  return new Error(`${address}${path} answers HTTP ${status}, which is not as its provider documents it`);
}
