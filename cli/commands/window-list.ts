import { listMaintenanceWindows } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowListCommand } from '../grammar/window-commands.js';
import { printItems } from '../output/print-items.js';
import { wideWindowColumns, windowColumns } from '../output/window-columns.js';

/** `rollcall maintenance window list`: sorted by name. */
export async function run(call: CallOf<typeof windowListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const { items } = await connection.ask(listMaintenanceWindows({ client: connection.client }));
  const columns = { table: windowColumns(connection.now()), wide: wideWindowColumns(connection.now()) };
  await printItems(items, { ...columns, name: ({ name }) => name }, options, terminal);
  if (items.length === 0) terminal.stderr.write('There is no maintenance window.\n');
}
