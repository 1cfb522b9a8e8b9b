import { deleteWebhook } from '../../client/sdk.gen.js';
import type { Client } from '../../client/client/index.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookDeleteCommand } from '../grammar/webhook-commands.js';
import { confirm } from '../process/confirm.js';

/** `rollcall webhook delete`: prints `Ok` when it is deleted. */
export async function run(call: CallOf<typeof webhookDeleteCommand>): Promise<void> {
  const [id] = call.arguments;
  const connection = await call.connect();
  await confirm(`Delete webhook ${id}? What waits for it is not told.`, call.options, call);
  const request: { client: Client; path: { id: string } } = { client: connection.client, path: { id } };
  await connection.ask(deleteWebhook(request));
  call.terminal.stdout.write('Ok\n');
}
