import type { Preview } from '../../client/types.gen.js';
import { plainText } from '../../contract/plain-text.js';
import { tableLines, type Column, type TableOptions } from './table.js';

/** The beginning of a result as a table; a missing value is `NULL`. */
export function previewLines({ columns, rows }: Preview, options: TableOptions): string[] {
  const shown = columns.map(({ name }, index): Column<Preview['rows'][number]> => ({
    // Column names come from the query's author.
    header: plainText(name),
    cell: (row) => row[index] ?? 'NULL',
    style: (row) => (row[index] == null ? 'dim' : undefined),
  }));
  return tableLines(shown, rows, options);
}
