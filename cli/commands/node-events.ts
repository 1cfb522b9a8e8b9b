import type { NodeEvent } from '../../client/types.gen.js';
import { listNodeEvents } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import { eventColumns, WIDE_EVENT_COLUMNS } from '../output/event-columns.js';
import { printItems } from '../output/print-items.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeEventsCommand } from '../grammar/node-commands.js';

/** `rollcall node events`: the latest events of a node, oldest first like a log. */
export async function run(call: CallOf<typeof nodeEventsCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const connection = await call.connect();
  const events = await allPages<NodeEvent>(
    (query) => connection.ask(listNodeEvents({ client: connection.client, path: { id }, query })),
    options.limit,
  );
  await printItems(
    events.toReversed(),
    { table: eventColumns(connection.now()), wide: WIDE_EVENT_COLUMNS, name: (event) => event.id },
    options,
    terminal,
  );
}
