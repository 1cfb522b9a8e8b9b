import { createWebhook } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookCreateCommand } from '../grammar/webhook-commands.js';
import { FROM_STDIN } from '../arguments/ids-from.js';
import { printDocument } from '../output/print-document.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { inputText } from '../process/input-text.js';

/** `rollcall webhook create`: the secret on stdout, what it is good for on stderr, so that a script can keep the secret alone. */
export async function run(call: CallOf<typeof webhookCreateCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const [name, url] = call.arguments;
  const { form, secretStdin, alert, filterLabels, severity, output } = options;
  if (secretStdin && url === FROM_STDIN)
    throw new CliFailure(EXIT_CODE.usage, 'USAGE', 'one thing comes from standard input: the address or the secret');
  const given = secretStdin || url === FROM_STDIN ? (await inputText(terminal.stdin, interruption)).trim() : '';
  const connection = await call.connect();
  const made = await connection.ask(
    createWebhook({
      client: connection.client,
      body: {
        ...{ name, form, url: url === FROM_STDIN ? given : url },
        ...(secretStdin ? { secret: given } : {}),
        ...(alert ? { kinds: alert } : {}),
        ...(filterLabels ? { labels: filterLabels } : {}),
        ...(severity ? { severity } : {}),
      },
    }),
  );
  if (options.dryRun) return void terminal.stdout.write('Ok\n');
  await printDocument(made, output, terminal, () => {
    const { id } = made.webhook;
    const shown = made.secret === null ? '' : 'Its secret, by which receivers know our signature, is shown this once. ';
    terminal.stderr.write(`Webhook ${id} was made. ${shown}To see whether it hears: rollcall webhook test ${id}\n`);
    return made.secret === null ? '' : `${made.secret}\n`;
  });
}
