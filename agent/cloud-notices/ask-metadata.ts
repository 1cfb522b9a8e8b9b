import { urlToHttpOptions } from 'node:url';
import { httpAnswer, type HttpAnswer } from '../process/http-answer.js';

/** Timeout in milliseconds. A metadata server runs on the machine's own host and answers within a few. */
const PATIENCE_MS = 2_000;
/** Maximum size of an answer in bytes, far above that of any notice. */
const MOST_BYTES = 65_536;

export interface MetadataQuestion {
  /** Base address of the server: `http://169.254.169.254`. */
  address: string;
  path: string;
  method?: 'GET' | 'PUT';
  headers?: Record<string, string>;
}

/**
 * Requests one path of a provider's metadata server, bounded in time and size. Proxies are bypassed, since a proxy would reach its own host's server.
 * @throws Error with a one-sentence message
 */
export async function askMetadata(question: MetadataQuestion, stop: AbortSignal): Promise<HttpAnswer> {
  const { address, path, method = 'GET', headers = {} } = question;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const target = urlToHttpOptions(new URL(path, address));
    return await httpAnswer({ ...target, method, headers, signal, mostBytes: MOST_BYTES });
  } catch (error) {
    stop.throwIfAborted();
    const why = signal.aborted ? `no answer within ${PATIENCE_MS / 1_000} s` : (error as Error).message;
    throw new Error(`${address} does not answer: ${why}`, { cause: error });
  }
}

/** @throws Error if the server's answer violates its protocol */
export function unexpected({ address, path }: MetadataQuestion, { status }: Pick<HttpAnswer, 'status'>): Error {
  return new Error(`${address}${path} answers HTTP ${status}, which is not as its provider documents it`);
}
