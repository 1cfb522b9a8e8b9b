import type { Node } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import type { Terminal } from '../process/terminal.js';
import { ItemStream } from './item-stream.js';
import { NODE_COLUMNS, wideNodeColumns } from './node-columns.js';
import type { ItemsOptions } from './print-items.js';
import type { Column } from './table.js';

/** `node list --watch` for programs: all nodes once, then a record for each node that changes. */
export class NodeFeed {
  private readonly shown = new Map<string, { stamp: string; node: Node }>();
  private readonly stream: ItemStream<Node>;

  constructor(options: ItemsOptions, terminal: Pick<Terminal, 'stdout'>) {
    this.stream = new ItemStream(options, terminal);
  }

  async show(nodes: readonly Node[], now: EpochMs): Promise<void> {
    const changed = nodes.filter((node) => this.shown.get(node.uid)?.stamp !== stampOf(node));
    const present = new Set(nodes.map((node) => node.uid));
    const gone = [...this.shown.values()].map(({ node }) => node).filter((node) => !present.has(node.uid));
    for (const node of changed) this.shown.set(node.uid, { stamp: stampOf(node), node });
    for (const node of gone) this.shown.delete(node.uid);
    await this.stream.print([...gone.map((node): Node => ({ ...node, phase: 'REMOVED' })), ...changed], {
      table: NODE_COLUMNS.map(orRemoved),
      wide: wideNodeColumns(now).map(orRemoved),
      name: ({ id }) => id,
    });
  }
}

/** A node that left the list has no status any more, and the column says so. */
function orRemoved(column: Column<Node>): Column<Node> {
  if (column.header !== 'STATUS') return column;
  return { ...column, cell: (node) => (node.phase === 'REMOVED' ? 'REMOVED' : column.cell(node)) };
}

/** What makes a node look different: everything except the heartbeat's time, which always changes. */
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
