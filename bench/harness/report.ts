import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim, Findings, Parameters, Row } from './bench.js';
import type { Machine } from './machine.js';
import { describeSurroundings, type OtherWork } from './surroundings.js';

/** The stored result of one bench. */
export interface Result extends Findings {
  bench: string;
  shows: string;
  size: 'whole' | 'small';
  parameters: Parameters;
  machine: Machine;
  /** Other load of the machine right before and after; absent at the small size. */
  beside?: { before: OtherWork; after: OtherWork };
  date: string;
  seconds: number;
}

/** @returns path of the file */
export async function writeResult(folder: string, result: Result): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${result.bench}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

/** The result as printed at the end of a run. */
export function asMarkdown({ bench, shows, size, rows, claims, notes, seconds, beside }: Result): string {
  const title = `### ${bench}: ${shows}`;
  const warning =
    size === 'small' ? ['At a small size: this shows that the harness works, and no figure means anything.', ''] : [];
  return [
    title,
    '',
    ...warning,
    ...resultTables({ rows, claims }),
    ...notes.map((note) => `- ${note}`),
    ...(beside === undefined
      ? []
      : [`- Beside it: before ${describeSurroundings(beside.before)}, after ${describeSurroundings(beside.after)}.`]),
    `- It took ${Math.round(seconds)} s.`,
    '',
  ].join('\n');
}

/** The lines of its tables in Markdown, each table followed by an empty line: what was measured, and which claims were checked. Used in docs/benchmarks.md. */
export function resultTables({ rows, claims }: Pick<Result, 'rows' | 'claims'>): string[] {
  const said = claims.map(({ what, required, measured, holds }: Claim): Row => ({
    'must show': what,
    required,
    measured,
    holds: holds === null ? 'not known' : holds ? 'yes' : 'NO',
  }));
  return [...table(rows), '', ...(said.length > 0 ? [...table(said), ''] : [])];
}

export function table(rows: readonly Row[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((line) => line[index]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return lines;
}

function text(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number'
    ? value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 })
    : value;
}
