const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const PATTERN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Maximum duration: Temporal's and JavaScript's timers are safe well below it. */
export const MAX_DURATION_MS = 3_650 * UNIT_MS.d;

/**
 * Milliseconds of a duration such as `15s`, `1m`, `1h30m`, `250ms` or `0`; units descend from `d` to `ms`, each at most once.
 * Returns undefined for anything else; a bare `5` could be minutes or seconds.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = PATTERN.exec(text);
  if (!match || text === '') return undefined;
  const total = Object.values(UNIT_MS).reduce((sum, size, index) => sum + Number(match[index + 1] ?? 0) * size, 0);
  return total <= MAX_DURATION_MS ? total : undefined;
}

/** A measured time in its two largest units, rounded down: `3d4h`, `2m5s`, `740ms`. */
export function formatSpan(ms: number): string {
  const rest = Math.max(0, Math.trunc(ms));
  const sizes = Object.values(UNIT_MS);
  const smallest = sizes[sizes.findIndex((size) => size <= rest) + 1];
  return formatDuration(smallest === undefined ? rest : rest - (rest % smallest));
}

/** The shortest duration text that {@link parseDuration} parses to `ms`: 90,000 → `1m30s`. Fractions of a millisecond are dropped. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.trunc(ms));
  if (rest === 0) return '0';
  let text = '';
  for (const [unit, size] of Object.entries(UNIT_MS)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
