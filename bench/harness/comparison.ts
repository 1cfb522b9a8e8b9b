import type { Row } from './bench.js';
import { table, type Result } from './report.js';

/**
 * Compares the results of the same benches in two versions: of each figure that differs anywhere the median of its runs with their spread, and
 * the ratio of the medians.
 * @param before the results of each run
 */
export function comparison(
  base: string,
  before: readonly (readonly Result[])[],
  after: readonly (readonly Result[])[],
): string {
  const lines = (after[0] ?? []).flatMap(({ bench, rows }, at) => [
    `### ${bench}`,
    '',
    ...table(
      rows.flatMap((row, index) =>
        Object.keys(row).flatMap((column) => {
          const figures = (runs: readonly (readonly Result[])[]) =>
            runs.map((results) => results[at]?.rows[index]?.[column]).filter((figure) => typeof figure === 'number');
          return lineOf(labelOf(row), column, base, figures(before), figures(after));
        }),
      ),
    ),
    '',
  ]);
  return lines.join('\n');
}

function lineOf(row: string, figure: string, base: string, before: readonly number[], after: readonly number[]): Row[] {
  const [one, other] = [median(before), median(after)];
  if (one === undefined || other === undefined || new Set([...before, ...after]).size === 1) return [];
  return [
    {
      row,
      figure,
      [base]: withSpread(one, before),
      here: withSpread(other, after),
      ratio: one === 0 ? null : Number((other / one).toFixed(2)),
    },
  ];
}

/** Identity of a row, without its figures. */
function labelOf(row: Row): string {
  const [first] = Object.values(row);
  const words = Object.values(row).filter((cell) => typeof cell === 'string');
  return [...(typeof first === 'number' ? [String(first)] : []), ...words.slice(0, 1)].join(' ');
}

function withSpread(middle: number, figures: readonly number[]): string {
  return `${shown(middle)} (${shown(Math.min(...figures))} to ${shown(Math.max(...figures))})`;
}

function shown(figure: number): string {
  return figure.toLocaleString('en-US', { maximumFractionDigits: Math.abs(figure) < 100 ? 2 : 0 });
}

function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
