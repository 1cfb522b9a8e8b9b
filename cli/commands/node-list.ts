import type { ListNodesData, Node } from '../../client/types.gen.js';
import { listNodes } from '../../client/sdk.gen.js';
import { plainText } from '../../contract/plain-text.js';
import { allPages } from '../connection/all-pages.js';
import type { Connection } from '../connection/connection.js';
import { wideNodeColumns, NODE_COLUMNS } from '../output/node-columns.js';
import { printItems } from '../output/print-items.js';
import { warnOfMassSilence } from '../connection/warn-of-mass-silence.js';
import { watchNodes } from '../waiting/watch-nodes.js';
import type { Terminal } from '../process/terminal.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { nodeListCommand } from '../grammar/node-commands.js';

type Filters = NonNullable<ListNodesData['query']>;

/** `rollcall node list`: the nodes, node-2 before node-10 unless it is told another order. */
export async function run(call: CallOf<typeof nodeListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const fetchNodes = () => allNodes(connection, filtersOf(options));
  if (options.watch) return watchNodes({ fetchNodes, connection, call });
  const nodes = await fetchNodes();
  await warnOfMassSilence(nodes, connection, terminal);
  await printItems(
    nodes,
    { table: NODE_COLUMNS, wide: wideNodeColumns(connection.now()), name: (node) => node.id },
    options,
    terminal,
  );
  warnOfUnjudged(nodes, terminal);
  warnOfOutdated(nodes, terminal);
  if (nodes.length === 0) terminal.stderr.write('No node matches.\n');
}

/** Whoever reads UNKNOWN of them is told why. */
function warnOfUnjudged(nodes: readonly Node[], terminal: Terminal): void {
  const overdue = nodes.filter((node) => node.overdue).length;
  if (overdue === 0) return;
  terminal.stderr.write(
    `warning: ${overdue === 1 ? '1 node is silent for longer than it may' : `${overdue} nodes are silent for longer than they may`}, and not judged yet: see rollcall cluster\n`,
  );
}

/** On stderr, since the table has the columns that scripts know. */
function warnOfOutdated(nodes: readonly Node[], terminal: Terminal): void {
  const outdated = nodes.flatMap((node) => node.outdated ?? []);
  const [first] = outdated;
  if (first === undefined) return;
  const have = outdated.length === 1 ? '1 node has an agent' : `${outdated.length} nodes have agents`;
  terminal.stderr.write(
    `warning: ${have} older than the api (${plainText(first.api)}): rollcall node list --outdated -o wide\n`,
  );
}

function allNodes(connection: Connection, filters: Filters): Promise<Node[]> {
  return allPages<Node>((query) =>
    connection.ask(listNodes({ client: connection.client, query: { ...filters, ...query } })),
  );
}

function filtersOf({
  filterLabels,
  approval,
  liveness,
  phase,
  type,
  outdated,
  search,
  sort,
}: OptionsOf<typeof nodeListCommand>): Filters {
  return {
    ...(filterLabels ? { label: filterLabels } : {}),
    ...(approval ? { approval } : {}),
    ...(liveness ? { liveness } : {}),
    ...(phase ? { phase } : {}),
    ...(type ? { type } : {}),
    ...(outdated ? { outdated: 'true' as const } : {}),
    ...(search === undefined ? {} : { q: search }),
    ...(sort === undefined ? {} : { sort }),
  };
}
