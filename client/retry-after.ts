/**
 * A server that asks for more than this is asked again anyway, in milliseconds: whoever answers in its place (a balancer's page, which may
 * ask for an hour) does not know how soon it is back.
 */
const LONGEST_MS = 60_000;

/** Milliseconds that a Retry-After header asks for (RFC 9110: seconds, or a date); undefined where it says neither. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  // Date.parse alone would make a date of "-5".
  const at = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), LONGEST_MS);
}
