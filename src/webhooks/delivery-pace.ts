/** Pauses after each attempt, as multiples of the first. */
const GROWTH = [1, 3, 12, 60, 180, 360];
const MOST_MS = 3_600_000;
/** Fraction by which pauses vary, so that a receiver that comes back is not called by all lines at once. */
const SPREAD = 0.2;

/**
 * Pause before the next attempt, in milliseconds. A receiver may ask for more time, up to an hour.
 * @param attempts number of attempts so far
 * @param retryAfter the receiver's header Retry-After
 */
export function pauseBeforeRetry(
  attempts: number,
  firstMs: number,
  retryAfter: string | undefined,
  random = Math.random(),
): number {
  const growth = GROWTH[attempts - 1];
  const pause = growth === undefined ? MOST_MS : firstMs * growth;
  const asked = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : 0;
  return Math.round(Math.min(Math.max(pause, asked), MOST_MS) * (1 + SPREAD * random));
}
