import { lookup as resolve } from 'node:dns';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-addresses.js';

export interface GuardedPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Whether receivers within private networks and on this machine are allowed. */
  allowPrivate: boolean;
}

export interface Answered {
  status: number;
  /** The header Retry-After as received. */
  retryAfter: string | undefined;
}

/**
 * Posts once. Connects to the very address that was checked, follows no redirects, and reads nothing of the answer's body.
 * @throws Error with a short reason, where no answer came
 */
export async function guardedPost({ url, headers, body, timeoutMs, allowPrivate }: GuardedPost): Promise<Answered> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(host);
  const signal = AbortSignal.timeout(timeoutMs);
  const send = target.protocol === 'https:' ? tlsRequest : plainRequest;
  try {
    const response = await new Promise<IncomingMessage>((answer, fail) => {
      const request = send(target, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        signal,
        // A new connection each time, so that none is reused whose address was checked for another receiver.
        agent: false,
        ...(!allowPrivate && { lookup: publicOnly }),
      });
      request.once('response', answer).on('error', fail).end(body);
    });
    const retryAfter = response.headers['retry-after'];
    response.on('error', () => undefined).destroy();
    return { status: response.statusCode ?? 0, retryAfter };
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs / 1_000} s`, { cause: error });
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** Refuses names with any address that is not public, since Node chooses which of them to connect to. */
const publicOnly: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '');
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused) return done(notPublic(refused.address), '');
    const [first] = addresses;
    if (options.all === true || first === undefined) return done(null, addresses);
    return done(null, first.address, first.family);
  });
};

function notPublic(address: string): Error {
  return new Error(`${address} is an address of a private network, and Orchestrator.Webhooks.AllowPrivate is off`);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message.slice(0, 200);
}
