import { styleText } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';
import { plainText } from '../../contract/plain-text.js';

export type Style = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

export interface Column<Row> {
  header: string;
  cell(row: Row): string;
  /** Colour of the cell, if the terminal shows colours. */
  style?(row: Row): Style | undefined;
}

export interface TableOptions {
  headers: boolean;
  colours?: boolean;
  /** Width of the terminal: the last cell is shortened to fit. Data in a pipe is never shortened. */
  maxWidth?: number | undefined;
  /** Minimum width, so that rows printed later are aligned with those before. */
  widths?: readonly number[];
}

const GAP = '  ';

/** Width of each column, for its header and every row. */
export function columnWidths<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number[] {
  return columns.map((column) =>
    Math.max(width(column.header), ...rows.map((row) => width(plainText(column.cell(row))))),
  );
}

/** Lines of a table, with two spaces between columns and no trailing spaces. */
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

/** Width in a terminal: wide characters take two columns (https://unicode.org/reports/tr11), combining ones none. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return Array.from(segmenter.segment(text)).reduce((sum, { segment }) => sum + graphemeWidth(segment), 0);
}

function graphemeWidth(grapheme: string): number {
  return /^\p{Emoji_Presentation}|\ufe0f/u.test(grapheme) ? 2 : eastAsianWidth(grapheme.codePointAt(0) ?? 0x20);
}

/** The longest prefix that fits into this many columns. */
function beginning(text: string, columns: number): string {
  let end = 0;
  let taken = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    taken += width(segment);
    if (taken > columns) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function shorten(text: string, maxWidth: number | undefined, taken: number): string {
  if (maxWidth === undefined || taken + width(text) <= maxWidth) return text;
  const room = maxWidth - taken;
  // If not even a few characters fit, wrapping shows more than cutting.
  return room < 8 ? text : `${beginning(text, room - 1)}…`;
}
