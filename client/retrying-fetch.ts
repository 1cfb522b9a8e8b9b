import { pause } from './pause.js';
import { toldProblem } from './problem.js';
import { parseRetryAfter } from './retry-after.js';

export interface RetryOptions {
  /** Maximum number of attempts; 1 for no retries. */
  attempts?: number;
  /** Time after the first attempt in which others may start, in milliseconds. */
  withinMs?: number;
  /** Timeout for the beginning of an answer, in milliseconds: longer than the api lets a request wait. */
  answerMs?: number;
  /** The fetch to use. */
  fetch?: typeof fetch;
}

export const RETRY_DEFAULTS = { attempts: 5, withinMs: 60_000, answerMs: 90_000 } as const;

const KEY = 'idempotency-key';
const BACKOFF = { firstMs: 500, mostMs: 10_000 };
/** The api answers with these before it does anything, or after undoing what it did. */
const REFUSED_FOR_NOW = [429, 503];
/** Proxies before the api answer with these when they cannot know what it did. */
const UNKNOWN_OUTCOME = [500, 502, 504];

/**
 * Makes a fetch that retries what may succeed later, for a bounded number of times and a bounded time, and honours Retry-After. Changing
 * requests get an Idempotency-Key, the same at every attempt: the api executes it once, and repeats its answer.
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
    // A body can be read only once.
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

/** The wait before the next attempt, in milliseconds; undefined if another one is useless, or might execute the request twice. */
async function waitFor({ response }: Attempt, request: Request, attempt: number): Promise<number | undefined> {
  if (request.signal.aborted) return undefined;
  if (response === undefined) return backoff(attempt);
  const { status, headers } = response;
  const isWorthwhile =
    REFUSED_FOR_NOW.includes(status) ||
    (UNKNOWN_OUTCOME.includes(status) && reads(request)) ||
    // Only this request has the key, so its first attempt is still under way.
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
  // Jitter, so that clients that failed together do not come back together.
  return most * (0.5 + Math.random() / 2);
}

function reads({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
