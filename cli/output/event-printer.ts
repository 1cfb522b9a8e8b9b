import type { NodeEvent } from '../../client/types.gen.js';
import type { Terminal } from '../process/terminal.js';
import { toJsonLine, toYaml } from './document.js';
import { FOLLOWED_EVENT_COLUMNS, WIDE_EVENT_COLUMNS } from './event-columns.js';
import type { OutputFormat } from './print-items.js';
import { columnWidths, tableLines } from './table.js';

/** Events one after the other, as they come: a line, or a record, each. */
export class EventPrinter {
  /** Rows stand under the widest before them. */
  private widths: readonly number[] = [];

  constructor(
    private readonly options: { output: OutputFormat; headers: boolean },
    private readonly terminal: Pick<Terminal, 'stdout'>,
  ) {}

  async print(event: NodeEvent): Promise<void> {
    this.terminal.stdout.write(await this.render(event));
  }

  private async render(event: NodeEvent): Promise<string> {
    switch (this.options.output) {
      case 'json':
        return toJsonLine(event);
      case 'yaml':
        return `---\n${await toYaml(event)}`;
      case 'name':
        return `${event.id}\n`;
      case 'table':
      case 'wide':
        return this.row(event);
    }
  }

  private row(event: NodeEvent): string {
    const columns = this.options.output === 'wide' ? WIDE_EVENT_COLUMNS : FOLLOWED_EVENT_COLUMNS;
    const headers = this.options.headers && this.widths.length === 0;
    const lines = tableLines(columns, [event], { headers, widths: this.widths });
    this.widths = columnWidths(columns, [event]).map((width, index) => Math.max(width, this.widths[index] ?? 0));
    return lines.map((line) => `${line}\n`).join('');
  }
}
