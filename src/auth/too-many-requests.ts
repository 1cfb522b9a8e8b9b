import { ProblemError } from '../http/problem-error.js';

/** Those who were refused at the same moment come back over at least this long, in milliseconds. */
const LEAST_SPREAD_MS = 2_000;

/**
 * Of a crowd that is refused at once, each is told another time, so that it does not come back as a crowd.
 * @param waitMs until it is worth trying again, in milliseconds; up to twice that or two seconds more is said, in whole seconds, which is what Retry-After takes
 */
export function tooManyRequests(detail: string, waitMs: number): ProblemError {
  const spreadMs = Math.random() * Math.max(LEAST_SPREAD_MS, waitMs);
  const seconds = Math.max(1, Math.ceil((waitMs + spreadMs) / 1_000));
  return new ProblemError(
    { code: 'TOO_MANY_REQUESTS', detail, hint: `Try again in ${seconds} s` },
    { 'retry-after': String(seconds) },
  );
}
