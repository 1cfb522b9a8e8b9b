import { createWebhook } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookCreateCommand } from '../grammar/webhook-commands.js';
import { givenInSecret } from '../arguments/webhook-from-stdin.js';
import { printWebhookSecret } from '../output/print-webhook-secret.js';

/** `rollcall webhook create`: prints the secret on stdout and its explanation on stderr, so that a script can capture the secret alone. */
export async function run(call: CallOf<typeof webhookCreateCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const [name, url] = call.arguments;
  const { form, secretStdin, alert, filterLabels, severity, output } = options;
  const given = await givenInSecret({ url, secretStdin }, terminal, interruption);
  const connection = await call.connect();
  const made = await connection.ask(
    createWebhook({
      client: connection.client,
      body: {
        ...{ name, form, url, ...given },
        ...(alert ? { kinds: alert } : {}),
        ...(filterLabels ? { labels: filterLabels } : {}),
        ...(severity ? { severity } : {}),
      },
    }),
  );
  if (options.dryRun) return void terminal.stdout.write('Ok\n');
  await printWebhookSecret(made, 'was made', output, terminal);
}
