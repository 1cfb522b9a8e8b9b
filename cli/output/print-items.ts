import { wantsColours, type Terminal } from '../process/terminal.js';
import { toJson, toYaml } from './document.js';
import type { ItemFilter } from './item-filter.js';
import { OwnOutput } from './own-output.js';
import { columnWidths, tableLines, type Column } from './table.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number] | OwnOutput;

/** Options of commands that print several items. */
export interface ItemsOptions {
  output: OutputFormat;
  headers: boolean;
  filter?: ItemFilter | undefined;
}

/** How items of a kind look in each format; json and yaml show them as they are. */
export interface Presentation<Item> {
  table: readonly Column<Item>[];
  wide: readonly Column<Item>[];
  name(item: Item): string;
}

/** Prints items to stdout in the requested format. */
export function printItems<Item>(
  items: readonly Item[],
  presentation: Presentation<Item>,
  options: ItemsOptions,
  terminal: Terminal,
): Promise<void> {
  return printPages([items], () => presentation, options, terminal);
}

/**
 * Like {@link printItems}, page by page: at most one page is kept in memory.
 * @param presentation called once the first page has arrived, and with it the api's time
 */
export async function printPages<Item>(
  pages: Iterable<readonly Item[]> | AsyncIterable<readonly Item[]>,
  presentation: () => Presentation<Item>,
  options: ItemsOptions,
  terminal: Terminal,
): Promise<void> {
  let pageText: ReturnType<typeof textOfPages<Item>> | undefined;
  for await (const items of pages) {
    pageText ??= textOfPages(presentation(), options, terminal);
    await write(await pageText(options.filter?.keep(items) ?? items), terminal);
  }
  if (pageText !== undefined) await write(await pageText('end'), terminal);
}

/** A slow reader delays the next page. */
async function write(text: string, { stdout }: Terminal): Promise<void> {
  if (text === '' || stdout.write(text) || stdout.once === undefined) return;
  await new Promise((resolve) => stdout.once?.('drain', resolve));
}

/** Output for a page, and at the end: together the same as for a single page. */
function textOfPages<Item>(
  presentation: Presentation<Item>,
  { output, headers }: ItemsOptions,
  { stdout, env }: Terminal,
): (items: readonly Item[] | 'end') => string | Promise<string> {
  let isFirst = true;
  const once = <First, Later>(first: First, later: Later): First | Later => {
    const chosen = isFirst ? first : later;
    isFirst = false;
    return chosen;
  };
  if (output instanceof OwnOutput) {
    if (output.kind === 'columns') return textOfRows<Item>(output.columns, false, { headers }, { stdout, env });
    return (items) => (items === 'end' ? '' : items.map((item) => output.lines(item)).join(''));
  }
  switch (output) {
    case 'json':
      return (items) => {
        if (items === 'end') return once('[]\n', '\n]\n');
        return items.length === 0 ? '' : `${once('[', ',')}${toJson(items).slice('['.length, -'\n]\n'.length)}`;
      };
    case 'yaml':
      return (items) => {
        if (items === 'end') return isFirst ? toYaml([]) : '';
        isFirst &&= items.length === 0;
        return items.length === 0 ? '' : toYaml(items);
      };
    case 'name':
      return (items) => (items === 'end' ? '' : items.map((item) => `${presentation.name(item)}\n`).join(''));
    case 'table':
    case 'wide':
      return textOfRows(presentation[output], output === 'wide', { headers }, { stdout, env });
  }
}

/** Rows of later pages are aligned with earlier ones if the columns are wide enough. */
function textOfRows<Item>(
  columns: readonly Column<Item>[],
  fits: boolean,
  { headers }: Pick<ItemsOptions, 'headers'>,
  { stdout, env }: Pick<Terminal, 'stdout' | 'env'>,
): (items: readonly Item[] | 'end') => string {
  const maxWidth = fits && stdout.isTTY ? stdout.columns || undefined : undefined;
  const colours = wantsColours(stdout, env);
  let widths: readonly number[] = [];
  let isFirst = true;
  return (items) => {
    if (items === 'end') return '';
    const lines = tableLines(columns, items, { headers: headers && isFirst, colours, maxWidth, widths });
    isFirst = false;
    widths = widest(widths, columnWidths(columns, items));
    return lines.map((line) => `${line}\n`).join('');
  };
}

function widest(some: readonly number[], others: readonly number[]): number[] {
  return others.map((width, index) => Math.max(width, some[index] ?? 0));
}
