import type { EpochMs } from './states.js';

/** A time as the API writes it: ISO 8601 in UTC with milliseconds. */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}
