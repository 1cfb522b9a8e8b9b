import { rotateWebhookSecret } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookRotateCommand } from '../grammar/webhook-commands.js';
import { printWebhookSecret } from '../output/print-webhook-secret.js';

/** `rollcall webhook rotate`: another signing secret, for receivers that need time to take it over. */
export async function run(call: CallOf<typeof webhookRotateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const { overlap, output, dryRun } = options;
  const connection = await call.connect();
  const made = await connection.ask(
    rotateWebhookSecret({ client: connection.client, path: { id }, body: { overlap } }),
  );
  // There is no secret that anybody could use.
  if (dryRun) return void terminal.stdout.write('Ok\n');
  await printWebhookSecret(made, `signs with another secret, and with the former one for ${overlap}`, output, terminal);
}
