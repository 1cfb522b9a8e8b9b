/** The pause after the first attempt, the second, and so on, as multiples of the first. */
const GROWTH = [1, 3, 12, 60, 180, 360];
const MOST_MS = 3_600_000;
/** So that a receiver which comes back is not told by all lines at once. */
const SPREAD = 0.2;

/**
 * When to try again, in milliseconds from now: a receiver may ask for more time, up to an hour.
 * @param attempts how many there were
 * @param retryAfter what the receiver asked for, as a header has it
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
