import type { Terminal } from '../process/terminal.js';
import { toJsonLine, toYaml } from './document.js';
import { OwnOutput } from './own-output.js';
import type { ItemsOptions, Presentation } from './print-items.js';
import { columnWidths, tableLines, type Column } from './table.js';

/** Prints items one after the other: a record each for programs, rows with growing column widths for people. */
export class ItemStream<Item> {
  private widths: readonly number[] = [];

  constructor(
    private readonly options: ItemsOptions,
    private readonly terminal: Pick<Terminal, 'stdout'>,
  ) {}

  async print(items: readonly Item[], presentation: Presentation<Item>): Promise<void> {
    const text = await this.render(this.options.filter?.keep(items) ?? items, presentation);
    if (text !== '') this.terminal.stdout.write(text);
  }

  private async render(items: readonly Item[], presentation: Presentation<Item>): Promise<string> {
    const { output } = this.options;
    if (output instanceof OwnOutput)
      return output.kind === 'columns'
        ? this.rows(items, output.columns)
        : items.map((item) => output.lines(item)).join('');
    switch (output) {
      case 'json':
        return items.map(toJsonLine).join('');
      case 'yaml':
        return (await Promise.all(items.map(async (item) => `---\n${await toYaml(item)}`))).join('');
      case 'name':
        return items.map((item) => `${presentation.name(item)}\n`).join('');
      case 'table':
      case 'wide':
        return this.rows(items, presentation[output]);
    }
  }

  private rows(items: readonly Item[], columns: readonly Column<Item>[]): string {
    if (items.length === 0) return '';
    const headers = this.options.headers && this.widths.length === 0;
    const lines = tableLines(columns, items, { headers, widths: this.widths });
    this.widths = columnWidths(columns, items).map((width, index) => Math.max(width, this.widths[index] ?? 0));
    return lines.map((line) => `${line}\n`).join('');
  }
}
