import { pause } from './pause.js';
import { toldProblem } from './problem.js';
import { parseRetryAfter } from './retry-after.js';

export interface RetryOptions {
  /** How often a request is sent at most; 1: it is never repeated. */
  attempts?: number;
  /** No attempt is begun later than this after the first, in milliseconds. */
  withinMs?: number;
  /** An attempt to which no answer has begun by then is given up, in milliseconds: longer than the api lets anybody wait for something. */
  answerMs?: number;
  /** What sends. */
  fetch?: typeof fetch;
}

export const RETRY_DEFAULTS = { attempts: 5, withinMs: 60_000, answerMs: 90_000 } as const;

const KEY = 'idempotency-key';
const BACKOFF = { firstMs: 500, mostMs: 10_000 };
/** The api refuses with these before it does anything, or after it has undone what it did. */
const REFUSED_FOR_NOW = [429, 503];
/** Proxies before it answer so when they cannot know what it did. */
const UNKNOWN_OUTCOME = [500, 502, 504];

/**
 * A fetch that repeats what may succeed later, a bounded number of times and for a bounded time, after as long as Retry-After asks for. What
 * changes something gets an Idempotency-Key, the same at every attempt: the api does it once, and repeats its answer.
 */
export function retryingFetch(options: RetryOptions = {}): typeof fetch {
  const { attempts, withinMs, answerMs, fetch: send } = { ...RETRY_DEFAULTS, fetch: globalThis.fetch, ...options };
  return async (input, init) => {
    const request = new Request(input, init);
    if (!reads(request) && !request.headers.has(KEY)) request.headers.set(KEY, crypto.randomUUID());
    const until = Date.now() + withinMs;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attempted(request, send, answerMs);
      const waitMs = await waitFor(outcome, request, attempt);
      if (waitMs === undefined || attempt >= attempts || Date.now() + waitMs > until) return finished(outcome);
      if (outcome.response !== undefined) await outcome.response.body?.cancel();
      await pause(waitMs, request.signal);
    }
  };
}

interface Attempt {
  response?: Response;
  error?: unknown;
}

async function attempted(request: Request, send: typeof fetch, answerMs: number): Promise<Attempt> {
  const late = new AbortController();
  const patience = setTimeout(() => late.abort(new Error(`no answer within ${answerMs / 1_000} s`)), answerMs);
  try {
    // A body can be sent once.
    return { response: await send(request.clone(), { signal: AbortSignal.any([request.signal, late.signal]) }) };
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(patience);
  }
}

function finished({ response, error }: Attempt): Response {
  if (response === undefined) throw error;
  return response;
}

/** How long to wait before the next attempt; undefined where another one is of no use, or might do something twice. */
async function waitFor({ response }: Attempt, request: Request, attempt: number): Promise<number | undefined> {
  if (request.signal.aborted) return undefined;
  if (response === undefined) return backoff(attempt);
  const { status, headers } = response;
  const isWorthwhile =
    REFUSED_FOR_NOW.includes(status) ||
    (UNKNOWN_OUTCOME.includes(status) && reads(request)) ||
    // Who knows the key is this request alone: its first attempt is under way still.
    (attempt > 1 && status === 409 && (await isKeyInUse(response)));
  return isWorthwhile ? (parseRetryAfter(headers.get('retry-after'), Date.now()) ?? backoff(attempt)) : undefined;
}

async function isKeyInUse(response: Response): Promise<boolean> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return toldProblem(body)?.code === 'IDEMPOTENCY_KEY_REUSED';
}

function backoff(attempt: number): number {
  const most = Math.min(BACKOFF.firstMs * 2 ** (attempt - 1), BACKOFF.mostMs);
  // Clients that failed together do not come back together.
  return most * (0.5 + Math.random() / 2);
}

function reads({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
