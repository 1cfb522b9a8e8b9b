/** Data of a plot: times in seconds since 1970, and the values of each line; null for a gap. */
export type GappedSeries = [times: number[], ...lines: (number | null)[][]];

/** Adds gaps between points that are further apart than `gapMs`. */
export function withGaps(
  times: readonly number[],
  lines: readonly (readonly (number | null)[])[],
  gapMs: number,
): GappedSeries {
  const series: GappedSeries = [[], ...lines.map((): (number | null)[] => [])];
  const add = (at: number, values: readonly (number | null)[]) => {
    series[0].push(at / 1_000);
    for (const [line, value] of values.entries()) (series[line + 1] as (number | null)[]).push(value);
  };
  let before: number | undefined;
  for (const [index, time] of times.entries()) {
    if (before !== undefined && time - before > gapMs)
      add(
        before + 1,
        lines.map(() => null),
      );
    add(
      time,
      lines.map((values) => values[index] ?? null),
    );
    before = time;
  }
  return series;
}
