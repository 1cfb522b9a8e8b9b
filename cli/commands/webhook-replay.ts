import { replayWebhookDelivery } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookReplayCommand } from '../grammar/webhook-commands.js';

/** `rollcall webhook replay`: prints `Ok` when the delivery is queued. */
export async function run(call: CallOf<typeof webhookReplayCommand>): Promise<void> {
  const [id, delivery] = call.arguments;
  const connection = await call.connect();
  await connection.ask(replayWebhookDelivery({ client: connection.client, path: { id, delivery } }));
  call.terminal.stdout.write('Ok\n');
}
