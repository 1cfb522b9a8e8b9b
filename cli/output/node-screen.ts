import type { Node } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { wantsColours, type Terminal } from '../process/terminal.js';
import { NODE_COLUMNS, wideNodeColumns } from './node-columns.js';
import type { OutputFormat } from './print-items.js';
import { formatCount } from './quantity.js';
import { tableLines } from './table.js';

const HOME = '\u001b[H';
const CLEAR_TO_END_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** `node list --watch` for people: the table, redrawn in place without flicker and cut to the height of the terminal. */
export class NodeScreen {
  constructor(
    private readonly options: { output: OutputFormat; headers: boolean },
    private readonly terminal: Pick<Terminal, 'stdout' | 'env'>,
  ) {}

  /** @param more number of nodes that are not shown; undefined if it is unknown */
  show(nodes: readonly Node[], now: EpochMs, more: number | undefined): void {
    const { stdout, env } = this.terminal;
    const columns = this.options.output === 'wide' ? wideNodeColumns(now) : NODE_COLUMNS;
    const lines = tableLines(columns, nodes, {
      headers: this.options.headers,
      colours: wantsColours(stdout, env),
      maxWidth: stdout.columns || undefined,
    });
    // A terminal of unknown size reports 0.
    const shown = fit(lines, (stdout.rows || Infinity) - 1, more);
    stdout.write(`${HOME}${shown.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('')}${CLEAR_BELOW}`);
  }
}

/** @param more number of nodes not among the lines */
function fit(lines: readonly string[], height: number, more: number | undefined): readonly string[] {
  if (lines.length <= height && more === 0) return lines;
  const kept = Math.min(lines.length, Math.max(1, height - 1));
  const rest = more === undefined ? 'more nodes' : formatCount(lines.length - kept + more, 'more node');
  return [...lines.slice(0, kept), `and ${rest}`];
}
