/** What is drawn: seconds since 1970, and values; null where the line is interrupted. */
export type GappedSeries = [number[], (number | null)[]];

/** Breaks a line where nothing was heard: points that are further apart than `gapMs` are not joined. */
export function withGaps(times: readonly number[], values: readonly number[], gapMs: number): GappedSeries {
  const series: GappedSeries = [[], []];
  let before: number | undefined;
  for (const [index, time] of times.entries()) {
    if (before !== undefined && time - before > gapMs) {
      series[0].push((before + 1) / 1_000);
      series[1].push(null);
    }
    series[0].push(time / 1_000);
    series[1].push(values[index] ?? null);
    before = time;
  }
  return series;
}
