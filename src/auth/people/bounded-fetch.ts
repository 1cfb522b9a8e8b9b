/** Time limit of an answer, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** Size limit of an answer, in bytes: far above any discovery document, key set, token or profile. */
const MOST_BYTES = 512 * 1_024;

/** The identity provider did not answer, or not validly. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/**
 * Fetches from the identity provider with limits of time and size, following no redirects.
 * @throws IssuerUnavailable where there is no answer or none that means anything, or it is too large
 */
export async function boundedFetch(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  let body: Uint8Array<ArrayBuffer>;
  try {
    response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    body = await boundedBody(response);
  } catch (cause) {
    throw new IssuerUnavailable(reasonOf(cause), { cause });
  }
  const { status, statusText, headers } = response;
  if (isNoAnswer(status)) throw new IssuerUnavailable(`it answers with HTTP ${status}`);
  return new Response(body.length === 0 ? null : body, { status, statusText, headers });
}

/** Whether nothing follows from an answer: the provider has failed, asks for patience, or has nothing at this address any more. */
function isNoAnswer(status: number): boolean {
  return status >= 500 || status === 429 || status === 404 || status === 410 || (status >= 300 && status < 400);
}

async function boundedBody({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`it answers with more than ${MOST_BYTES / 1_024} KiB`);
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it does not answer within ${TIMEOUT_MS / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
