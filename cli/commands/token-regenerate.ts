import { regenerateBootstrapToken } from '../../client/sdk.gen.js';
import { bootstrapToken, printInstall } from '../output/print-install.js';
import { confirm } from '../process/confirm.js';
import type { CallOf } from '../grammar/add-command.js';
import type { tokenRegenerateCommand } from '../grammar/node-commands.js';

/** `rollcall node token regenerate`: a new token for a node that lost its credential; earlier tokens stop working. */
export async function run(call: CallOf<typeof tokenRegenerateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const connection = await call.connect();
  await confirm(
    `Regenerate the token of ${id}? Its earlier token and its credential stop working at once.`,
    options,
    call,
  );
  const token = await connection.ask(
    regenerateBootstrapToken({
      client: connection.client,
      path: { id },
      body: { expiresIn: options.expiresIn },
    }),
  );
  await printInstall(token, bootstrapToken(token, connection), options, terminal, connection);
}
