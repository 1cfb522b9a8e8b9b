import { listNodeSessions } from '../../client/sdk.gen.js';
import { formatAge } from '../output/age.js';
import { printItems } from '../output/print-items.js';
import { NODE_SESSION_COLUMNS, WIDE_NODE_SESSION_COLUMNS } from '../output/session-columns.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeSessionsCommand } from '../grammar/node-commands.js';

/** `rollcall node sessions`: the session cache of a node. */
export async function run(call: CallOf<typeof nodeSessionsCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const [id] = call.arguments;
  const cache = await connection.ask(listNodeSessions({ client: connection.client, path: { id } }));
  await printItems(
    cache.items,
    { table: NODE_SESSION_COLUMNS, wide: WIDE_NODE_SESSION_COLUMNS, name: (session) => session.id },
    options,
    terminal,
  );
  if (cache.items.length === 0) terminal.stderr.write(`Node ${id} has no session.\n`);
  if (cache.source === 'record') {
    const age =
      cache.reportedAt === null ? 'never reported' : `reported ${formatAge(cache.reportedAt, connection.now())} ago`;
    terminal.stderr.write(`The node's workflow did not answer: these are its sessions as last recorded (${age}).\n`);
  }
}
