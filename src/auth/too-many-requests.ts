import { ProblemError } from '../http/problem-error.js';

/** @param waitMs until it is worth trying again, in milliseconds; said in whole seconds, which is what Retry-After takes */
export function tooManyRequests(detail: string, waitMs: number): ProblemError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new ProblemError({ code: 'TOO_MANY_REQUESTS', detail, hint: `Try again in ${seconds} s` }, { 'retry-after': String(seconds) });
}
