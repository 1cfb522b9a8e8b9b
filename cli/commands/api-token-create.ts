import { createApiToken } from '../../client/sdk.gen.js';
import { formatRoundSpan } from '../output/age.js';
import { printDocument } from '../output/print-document.js';
import type { CallOf } from '../grammar/add-command.js';
import type { apiTokenCreateCommand } from '../grammar/token-commands.js';

/** `rollcall api-token create`: the token on stdout, what it is good for on stderr, so that a script can keep the token alone. */
export async function run(call: CallOf<typeof apiTokenCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const { role, expiresIn } = options;
  const connection = await call.connect();
  const made = await connection.ask(
    createApiToken({ client: connection.client, body: { name: call.arguments[0], role, expiresIn } }),
  );
  if (options.dryRun) return void terminal.stdout.write('Ok\n');
  await printDocument(made, options.output, terminal, () => {
    const { id, name, expiresAt } = made.apiToken;
    const expires =
      expiresAt === null
        ? 'does not expire'
        : `expires in ${formatRoundSpan(Date.parse(expiresAt) - connection.now())}`;
    terminal.stderr.write(
      `The token ${id} of ${name} is shown this once and ${expires}. To use it: rollcall auth login --token-stdin\n`,
    );
    return `${made.token}\n`;
  });
}
