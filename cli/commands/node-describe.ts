import { getNode, listNodeEvents } from '../../client/sdk.gen.js';
import { firstArgumentOf, type Call } from '../connection/call.js';
import { describeNode } from '../output/node-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';
import type { OptionsOf } from '../grammar/add-command.js';
import type { nodeDescribeCommand } from '../grammar/node-commands.js';

export type NodeDescribeOptions = OptionsOf<typeof nodeDescribeCommand>;

const EVENTS_SHOWN = 10;

/** `rollcall node describe`: everything about one node. */
export async function run(call: Call<NodeDescribeOptions>): Promise<void> {
  const { options, terminal } = call;
  const id = firstArgumentOf(call);
  const connection = await call.connect();
  const { client } = connection;
  const node = await connection.ask(getNode({ client, path: { id } }));
  await printDocument(node, options.output, terminal, async () => {
    const { items } = await connection.ask(listNodeEvents({ client, path: { id }, query: { limit: EVENTS_SHOWN } }));
    return describeNode(node, items.toReversed(), {
      now: connection.now(),
      colours: wantsColours(terminal.stdout, terminal.env),
    });
  });
}
