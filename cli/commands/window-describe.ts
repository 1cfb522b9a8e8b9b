import { getMaintenanceWindow } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowDescribeCommand } from '../grammar/window-commands.js';
import { printDocument } from '../output/print-document.js';
import { describeWindow } from '../output/window-description.js';

/** `rollcall maintenance window describe`: when it opens, and what runs within it. */
export async function run(call: CallOf<typeof windowDescribeCommand>): Promise<void> {
  const [name] = call.arguments;
  const connection = await call.connect();
  const window = await connection.ask(getMaintenanceWindow({ client: connection.client, path: { name } }));
  await printDocument(window, call.options.output, call.terminal, () => describeWindow(window, connection.now()));
}
