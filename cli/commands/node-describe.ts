import { getNode, listNodeEvents } from '../../client/sdk.gen.js';
import { overdueDecisionMs } from '../../contract/catching-up.js';
import { readinessOf } from '../connection/connection.js';
import { describeNode } from '../output/node-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeDescribeCommand } from '../grammar/node-commands.js';

const EVENTS_SHOWN = 10;

/** `rollcall node describe`: everything about one node. */
export async function run(call: CallOf<typeof nodeDescribeCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const connection = await call.connect();
  const { client } = connection;
  const node = await connection.ask(getNode({ client, path: { id } }));
  await printDocument(node, options.output, terminal, async () => {
    const { items } = await connection.ask(listNodeEvents({ client, path: { id }, query: { limit: EVENTS_SHOWN } }));
    const now = connection.now();
    return describeNode(node, items.toReversed(), {
      now,
      readiness: overdueDecisionMs(node, now) === undefined ? undefined : await readinessOf(client),
      colours: wantsColours(terminal.stdout, terminal.env),
    });
  });
}
