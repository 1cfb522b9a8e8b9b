import { regenerateBootstrapToken } from '../../client/sdk.gen.js';
import { installAs, installText } from '../output/install-text.js';
import { printDocument } from '../output/print-document.js';
import type { CallOf } from '../grammar/add-command.js';
import type { tokenRegenerateCommand } from '../grammar/node-commands.js';

/** `rollcall node token regenerate`: a new token for a node that lost its credentials; the earlier ones stop working. */
export async function run(call: CallOf<typeof tokenRegenerateCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const token = await connection.ask(
    regenerateBootstrapToken({
      client: connection.client,
      path: { id: call.arguments[0] },
      body: { expiresIn: options.expiresIn },
    }),
  );
  if (options.format !== undefined) return void terminal.stdout.write(installAs(options.format, token.install));
  await printDocument(token, options.output, terminal, () => {
    terminal.stderr.write(installText(token, connection.now(), connection.caFile));
    return `${token.bootstrapToken}\n`;
  });
}
