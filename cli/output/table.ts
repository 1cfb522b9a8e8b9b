import { styleText } from 'node:util';
import { plainText } from '../../contract/plain-text.js';

export type Style = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

export interface Column<Row> {
  header: string;
  cell(row: Row): string;
  /** Colour of the cell, where the terminal shows colours. */
  style?(row: Row): Style | undefined;
}

export interface TableOptions {
  headers: boolean;
  colours?: boolean;
  /** Columns of the terminal: the last cell is shortened to fit. Data in a pipe is never shortened. */
  maxWidth?: number | undefined;
  /** At least this wide, so that rows printed later stand under those printed before. */
  widths?: readonly number[];
}

const GAP = '  ';

/** How wide each column must be for its header and every row. */
export function columnWidths<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number[] {
  return columns.map((column) =>
    Math.max(column.header.length, ...rows.map((row) => width(plainText(column.cell(row))))),
  );
}

/** Lines of a table: two spaces between columns, no spaces at a line's end. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string[] {
  const widths = columnWidths(columns, rows).map((needed, index) => Math.max(needed, options.widths?.[index] ?? 0));
  const line = (cells: readonly string[], styles: readonly (Style | undefined)[]): string => {
    const taken = widths.slice(0, -1).reduce((sum, column) => sum + column + GAP.length, 0);
    return cells
      .map((cell, index) => {
        const last = index === cells.length - 1;
        const text = last ? shorten(cell, options.maxWidth, taken) : cell;
        const style = styles[index];
        const shown = options.colours && style ? styleText(style, text, { validateStream: false }) : text;
        return last ? shown : shown + ' '.repeat((widths[index] ?? 0) - width(text));
      })
      .join(GAP)
      .trimEnd();
  };
  const body = rows.map((row) =>
    line(
      columns.map((column) => plainText(column.cell(row))),
      columns.map((column) => column.style?.(row)),
    ),
  );
  return options.headers
    ? [
        line(
          columns.map((column) => column.header),
          columns.map(() => 'bold'),
        ),
        ...body,
      ]
    : body;
}

const segmenter = new Intl.Segmenter('en');

/** Characters as people count them: an emoji of several code points is one. */
function characters(text: string): string[] {
  return /^[\x20-\x7e]*$/.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function width(text: string): number {
  return characters(text).length;
}

function shorten(text: string, maxWidth: number | undefined, taken: number): string {
  if (maxWidth === undefined || taken + width(text) <= maxWidth) return text;
  const room = maxWidth - taken;
  // Where not even a few characters fit, wrapping shows more than cutting.
  return room < 8
    ? text
    : `${characters(text)
        .slice(0, room - 1)
        .join('')}…`;
}
