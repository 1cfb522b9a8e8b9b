import { wantsColours, type Terminal } from '../process/terminal.js';
import { toJson, toYaml } from './document.js';
import type { ItemFilter } from './item-filter.js';
import { OwnOutput } from './own-output.js';
import { columnWidths, tableLines, type Column } from './table.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number] | OwnOutput;

/** The options of whatever prints several things. */
export interface ItemsOptions {
  output: OutputFormat;
  headers: boolean;
  filter?: ItemFilter | undefined;
}

/** How a kind of thing looks in each format; in json and yaml it looks like itself. */
export interface Presentation<Item> {
  table: readonly Column<Item>[];
  wide: readonly Column<Item>[];
  name(item: Item): string;
}

/** Prints things to stdout in the format that was asked for. */
export function printItems<Item>(
  items: readonly Item[],
  presentation: Presentation<Item>,
  options: ItemsOptions,
  terminal: Terminal,
): Promise<void> {
  return printPages([items], () => presentation, options, terminal);
}

/**
 * As {@link printItems}, page by page: however many there are, no more than a page is kept.
 * @param presentation asked for once the first page is there: by its answer the api's clock is known
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

/** Whoever reads slowly holds up the next page. */
async function write(text: string, { stdout }: Terminal): Promise<void> {
  if (text === '' || stdout.write(text) || stdout.once === undefined) return;
  await new Promise((resolve) => stdout.once?.('drain', resolve));
}

/** What is to be written for a page, and at the end: all together is what one page of all would be. */
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

/** Rows of later pages stand under those of earlier ones, where these left them room enough. */
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
