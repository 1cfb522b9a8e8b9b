import { testWebhook } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookTestCommand } from '../grammar/webhook-commands.js';

/** `rollcall webhook test`: prints the delivery's id. */
export async function run(call: CallOf<typeof webhookTestCommand>): Promise<void> {
  const [id] = call.arguments;
  const connection = await call.connect();
  const delivery = await connection.ask(testWebhook({ client: connection.client, path: { id } }));
  if (call.options.dryRun) return void call.terminal.stdout.write('Ok\n');
  call.terminal.stderr.write(`To see what becomes of it: rollcall webhook deliveries ${id}\n`);
  call.terminal.stdout.write(`${delivery.id}\n`);
}
