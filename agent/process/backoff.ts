/** A number from 0 to less than 1: Math.random, except in tests. */
export type Random = () => number;

/** Varies `ms` by up to `share` of it, so that agents that started together drift apart. */
export function jittered(ms: number, share: number, random: Random): number {
  return ms * (1 + share * (2 * random() - 1));
}

export interface BackoffPolicy {
  /** Ceiling of the first delay, in milliseconds; it doubles with every failure. */
  baseMs: number;
  /** Maximum delay, in milliseconds; half as long again if the server asks for more. */
  capMs: number;
}

/** Minimum delay, in milliseconds. */
const LEAST_DELAY_MS = 100;
/** A server that asks for more than this share of the maximum is asked again anyway: the answer may be a balancer's page. */
const LONGEST_ASKED = 1.25;
/** Spread of agents that were told the same Retry-After. */
const RETRY_AFTER_SPREAD = 0.2;

/**
 * Milliseconds to wait after the `failures`-th failure in a row, with "full jitter": anything from nothing to a ceiling that
 * doubles, so that agents that lost the same server do not come back as one wave.
 * @param retryAfterMs what the server asked for; the wait is not shorter, within reason
 */
export function backoffDelay(failures: number, policy: BackoffPolicy, random: Random, retryAfterMs?: number): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures - 1, 30));
  const delay = Math.max(LEAST_DELAY_MS, random() * ceiling);
  if (retryAfterMs === undefined) return delay;
  return Math.max(delay, Math.min(retryAfterMs, policy.capMs * LONGEST_ASKED) * (1 + RETRY_AFTER_SPREAD * random()));
}
