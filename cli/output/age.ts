import type { EpochMs } from '../../contract/states.js';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A duration in its two largest units: `0s`, `45s`, `1m30s`, `2h`, `3d4h`. Negative ones are `0s`. */
export function formatRoundSpan(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1_000));
  const first = UNITS.findIndex(([, size]) => rest >= size);
  if (first === -1) return '0s';
  let text = '';
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** `in 3h`, the time from `now` to `timestamp` (ISO 8601); `in a moment` if it has passed. */
export function formatAhead(timestamp: string, now: EpochMs): string {
  const left = Date.parse(timestamp) - now;
  return left > 0 ? `in ${formatRoundSpan(left)}` : 'in a moment';
}

/** The time from `timestamp` (ISO 8601) to `now`. */
export function formatAge(timestamp: string, now: EpochMs): string {
  return formatRoundSpan(now - Date.parse(timestamp));
}
