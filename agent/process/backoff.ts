/** A number from 0 to less than 1: Math.random, unless a test wants to know beforehand. */
export type Random = () => number;

/** `ms` give or take `share` of it, so that agents that started together do not stay together. */
export function jittered(ms: number, share: number, random: Random): number {
  return ms * (1 + share * (2 * random() - 1));
}

export interface BackoffPolicy {
  /** The ceiling of the first delay, in milliseconds; it doubles with every failure. */
  baseMs: number;
  /** No delay is longer; where the server asks for more, half as long again. */
  capMs: number;
}

/** Even a lucky draw leaves the server this much rest, in milliseconds. */
const LEAST_DELAY_MS = 100;
/** A server that asks for more than this share of the longest delay is asked again anyway: it may be a balancer's page that does not know better. */
const LONGEST_ASKED = 1.25;
/** How far those who were told the same Retry-After spread out after it. */
const RETRY_AFTER_SPREAD = 0.2;

/**
 * Milliseconds to wait after the `failures`-th failure in a row: "full jitter", anything from nothing to a ceiling that
 * doubles, so that agents that lost the same server do not come back as one wave.
 * @param retryAfterMs what the server asked for; not sooner than that, within reason
 */
export function backoffDelay(failures: number, policy: BackoffPolicy, random: Random, retryAfterMs?: number): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures - 1, 30));
  const delay = Math.max(LEAST_DELAY_MS, random() * ceiling);
  if (retryAfterMs === undefined) return delay;
  return Math.max(delay, Math.min(retryAfterMs, policy.capMs * LONGEST_ASKED) * (1 + RETRY_AFTER_SPREAD * random()));
}
