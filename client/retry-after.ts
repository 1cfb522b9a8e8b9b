/**
 * Maximum wait that a server can demand, in milliseconds: what answers in the api's place (a balancer's page may ask for an
 * hour) does not know how soon it is back.
 */
const LONGEST_MS = 60_000;

/** The wait of a Retry-After header (RFC 9110: seconds, or a date) in milliseconds; undefined if it is neither. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  // Date.parse alone would accept "-5" as a date.
  const at = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), LONGEST_MS);
}
