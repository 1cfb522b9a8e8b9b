import type { Node } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import type { Terminal } from '../process/terminal.js';
import { toJsonLine, toYaml } from './document.js';
import { NODE_COLUMNS, wideNodeColumns } from './node-columns.js';
import { OwnOutput } from './own-output.js';
import type { OutputFormat } from './print-items.js';
import { columnWidths, tableLines, type Column } from './table.js';

/** `node list --watch` for programs: all nodes once, then each node that has changed, one record after the other. */
export class NodeFeed {
  private readonly shown = new Map<string, { stamp: string; node: Node }>();
  private widths: readonly number[] | undefined;

  constructor(
    private readonly options: { output: OutputFormat; headers: boolean },
    private readonly terminal: Pick<Terminal, 'stdout'>,
  ) {}

  async show(nodes: readonly Node[], now: EpochMs): Promise<void> {
    const changed = nodes.filter((node) => this.shown.get(node.uid)?.stamp !== stampOf(node));
    const present = new Set(nodes.map((node) => node.uid));
    const gone = [...this.shown.values()].map(({ node }) => node).filter((node) => !present.has(node.uid));
    for (const node of changed) this.shown.set(node.uid, { stamp: stampOf(node), node });
    for (const node of gone) this.shown.delete(node.uid);
    const text = await this.render([...gone.map((node): Node => ({ ...node, phase: 'REMOVED' })), ...changed], now);
    if (text !== '') this.terminal.stdout.write(text);
  }

  private async render(nodes: readonly Node[], now: EpochMs): Promise<string> {
    const { output } = this.options;
    if (output instanceof OwnOutput && output.kind === 'jsonpath')
      return nodes.map((node) => output.lines(node)).join('');
    if (output instanceof OwnOutput) return this.renderRows(nodes, now);
    switch (output) {
      case 'json':
        return nodes.map(toJsonLine).join('');
      case 'yaml':
        return (await Promise.all(nodes.map(async (node) => `---\n${await toYaml(node)}`))).join('');
      case 'name':
        return nodes.map((node) => `${node.id}\n`).join('');
      case 'table':
      case 'wide':
        return this.renderRows(nodes, now);
    }
  }

  private renderRows(nodes: readonly Node[], now: EpochMs): string {
    const { output } = this.options;
    const known: readonly Column<Node>[] =
      output instanceof OwnOutput ? output.columns : output === 'wide' ? wideNodeColumns(now) : NODE_COLUMNS;
    // A node that left the list has no status any more: the column says so.
    const columns = known.map((column) =>
      column.header === 'STATUS'
        ? { ...column, cell: (node: Node) => (node.phase === 'REMOVED' ? 'REMOVED' : column.cell(node)) }
        : column,
    );
    const lines = tableLines(columns, nodes, {
      headers: this.options.headers && this.widths === undefined,
      ...(this.widths ? { widths: this.widths } : {}),
    });
    this.widths ??= columnWidths(columns, nodes);
    return lines.map((line) => `${line}\n`).join('');
  }
}

/** What makes a node look different: not the heartbeat's time, which always changes. */
function stampOf(node: Node): string {
  const { approval, availability, status, phase, warning, activeSessions, labels, decision, drain } = node;
  return JSON.stringify([
    approval.value,
    availability.value,
    status,
    phase,
    warning,
    activeSessions,
    labels,
    decision,
    drain?.terminating,
  ]);
}
