import { client } from '../../../client/client.gen.js';
import { CSRF_HEADER } from '../../../contract/csrf-header.js';
import { readAgain } from './conditional-fetch.js';
import { reachability } from './reachability.js';

/** Timeout of a read, in milliseconds: a later answer would be out of date. */
const READ_TIMEOUT_MS = 8_000;
const CHANGE_TIMEOUT_MS = 30_000;

/** Points the generated client at the page's own origin: the browser adds the cookie, and the header proves that the page sends the request. */
export function connectClient(): void {
  client.setConfig({ baseUrl: '', credentials: 'same-origin', fetch: watchedFetch });
}

async function watchedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const reads = request.method === 'GET';
  if (!reads) request.headers.set(CSRF_HEADER, '1');
  try {
    const patience = AbortSignal.timeout(reads ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS);
    const send = async (sent: Request) => {
      const response = await fetch(sent, { signal: AbortSignal.any([request.signal, patience]) });
      reachability.heard(response);
      return response;
    };
    return reads ? await readAgain(request, send) : await send(request);
  } catch (error) {
    // The page aborted the request itself, which says nothing about the api.
    if (!request.signal.aborted) reachability.lost('The api cannot be reached.');
    throw error;
  }
}
