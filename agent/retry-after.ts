import type { EpochMs } from '../contract/states.js';

/** A server that asks for more than this is asked again anyway. */
const LONGEST_MS = 3_600_000;

/** Milliseconds that a Retry-After header asks for (RFC 9110: seconds, or a date); undefined where it says neither. */
export function parseRetryAfter(header: string | null, now: EpochMs): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_MS);
}
