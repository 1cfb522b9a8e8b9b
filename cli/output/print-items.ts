import { wantsColours, type Terminal } from '../process/terminal.js';
import { toJson, toYaml } from './document.js';
import { tableLines, type Column } from './table.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How a kind of thing looks in each format; in json and yaml it looks like itself. */
export interface Presentation<Item> {
  table: readonly Column<Item>[];
  wide: readonly Column<Item>[];
  name(item: Item): string;
}

/** Prints things to stdout in the format that was asked for. */
export async function printItems<Item>(
  items: readonly Item[],
  presentation: Presentation<Item>,
  options: { output: OutputFormat; headers: boolean },
  terminal: Terminal,
): Promise<void> {
  terminal.stdout.write(await renderItems(items, presentation, options, terminal));
}

async function renderItems<Item>(
  items: readonly Item[],
  presentation: Presentation<Item>,
  { output, headers }: { output: OutputFormat; headers: boolean },
  { stdout, env }: Terminal,
): Promise<string> {
  switch (output) {
    case 'json':
      return toJson(items);
    case 'yaml':
      return toYaml(items);
    case 'name':
      return items.map((item) => `${presentation.name(item)}\n`).join('');
    case 'table':
    case 'wide': {
      const maxWidth = output === 'wide' && stdout.isTTY ? stdout.columns || undefined : undefined;
      const lines = tableLines(presentation[output], items, { headers, colours: wantsColours(stdout, env), maxWidth });
      return lines.map((line) => `${line}\n`).join('');
    }
  }
}
