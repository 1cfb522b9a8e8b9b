import { deleteMaintenanceWindow } from '../../client/sdk.gen.js';
import type { Client } from '../../client/client/index.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowDeleteCommand } from '../grammar/window-commands.js';
import { confirm } from '../process/confirm.js';

/** `rollcall maintenance window delete`: prints `Ok` when it is deleted. */
export async function run(call: CallOf<typeof windowDeleteCommand>): Promise<void> {
  const [name] = call.arguments;
  const connection = await call.connect();
  await confirm(`Delete maintenance window ${name}?`, call.options, call);
  const request: { client: Client; path: { name: string } } = { client: connection.client, path: { name } };
  await connection.ask(deleteMaintenanceWindow(request));
  call.terminal.stdout.write('Ok\n');
}
