import { urlToHttpOptions } from 'node:url';
import { httpAnswer, type HttpAnswer } from '../process/http-answer.js';

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

/**
 * One question to a provider's metadata server, bounded in time and size, and past any proxy: what a proxy's machine is told is of no use here.
 * @throws Error with one sentence
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

/** @throws Error where a server says something that its protocol has not */
export function unexpected({ address, path }: MetadataQuestion, { status }: Pick<HttpAnswer, 'status'>): Error {
  return new Error(`${address}${path} answers HTTP ${status}, which is not as its provider documents it`);
}
