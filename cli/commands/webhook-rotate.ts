import { rotateWebhookSecret } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookRotateCommand } from '../grammar/webhook-commands.js';
import { printWebhookSecret } from '../output/print-webhook-secret.js';

/** `rollcall webhook rotate`: a second signing secret, used together with the first while receivers switch. */
export async function run(call: CallOf<typeof webhookRotateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const { overlap, output, dryRun } = options;
  const connection = await call.connect();
  const made = await connection.ask(
    rotateWebhookSecret({ client: connection.client, path: { id }, body: { overlap } }),
  );
  // There is no usable secret to print.
  if (dryRun) return void terminal.stdout.write('Ok\n');
  await printWebhookSecret(made, `signs with another secret, and with the former one for ${overlap}`, output, terminal);
}
