import type { ListNodesData, Node } from '../../client/types.gen.js';
import { listNodes } from '../../client/sdk.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { allPages, pages } from '../../client/pages.js';
import type { Connection } from '../connection/connection.js';
import { wideNodeColumns, NODE_COLUMNS } from '../output/node-columns.js';
import { reasonColumns, reasonsOf, type NodeReason } from '../output/node-reasons.js';
import { printPages, type Presentation } from '../output/print-items.js';
import { NodeListWarnings } from '../connection/node-list-warnings.js';
import { watchNodes } from '../waiting/watch-nodes.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { nodeListCommand } from '../grammar/node-commands.js';

type Filters = NonNullable<ListNodesData['query']>;

/** `rollcall node list`: the nodes, by default in natural order (node-2 before node-10). */
export async function run(call: CallOf<typeof nodeListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const filters = filtersOf(options);
  const ask = (page: Pick<Filters, 'limit' | 'cursor' | 'id' | 'total'>) =>
    connection.ask(listNodes({ client: connection.client, query: { ...filters, ...page } }));
  if (options.watch) {
    const read = async (ids?: readonly string[]) => {
      const nodes = await allPages<Node>(ids === undefined ? ask : (page) => ask({ ...page, id: [...ids] }));
      return options.filter?.keep(nodes) ?? nodes;
    };
    return watchNodes({ readFirst: (limit) => ask({ limit, total: 'true' }), read, connection, call });
  }
  const warnings = new NodeListWarnings();
  const found = noted(pages<Node>(ask), warnings);
  if (options.reasons) await printReasons(found, connection, call);
  else await printPages(found, () => presentation(connection.now()), options, terminal);
  await warnings.tell(connection, terminal);
}

const presentation = (now: EpochMs): Presentation<Node> => ({
  table: NODE_COLUMNS,
  wide: wideNodeColumns(now),
  name: (node) => node.id,
});

async function printReasons(
  found: AsyncIterable<Node[]>,
  connection: Connection,
  { options, terminal }: CallOf<typeof nodeListCommand>,
): Promise<void> {
  const reasons = async function* () {
    for await (const nodes of found) yield nodes.flatMap(reasonsOf);
  };
  const shown = () => ({
    table: reasonColumns(connection.now()),
    wide: reasonColumns(connection.now(), true),
    name: ({ node }: NodeReason) => node,
  });
  await printPages(reasons(), shown, options, terminal);
}

async function* noted(found: AsyncIterable<Node[]>, warnings: NodeListWarnings): AsyncIterable<Node[]> {
  for await (const nodes of found) {
    warnings.note(nodes);
    yield nodes;
  }
}

function filtersOf({
  filterLabels,
  approval,
  liveness,
  phase,
  type,
  stopped,
  outdated,
  condition,
  search,
  sort,
}: OptionsOf<typeof nodeListCommand>): Filters {
  return {
    ...(filterLabels ? { label: filterLabels } : {}),
    ...(approval ? { approval } : {}),
    ...(liveness ? { liveness } : {}),
    ...(phase ? { phase } : {}),
    ...(type ? { type } : {}),
    ...(stopped ? { stopped: 'true' as const } : {}),
    ...(outdated ? { outdated: 'true' as const } : {}),
    ...(condition ? { condition } : {}),
    ...(search === undefined ? {} : { q: search }),
    ...(sort === undefined ? {} : { sort }),
  };
}
