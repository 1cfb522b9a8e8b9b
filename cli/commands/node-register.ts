import { createNode } from '../../client/sdk.gen.js';
import { bootstrapToken, printInstall } from '../output/print-install.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeRegisterCommand } from '../grammar/node-commands.js';

/** `rollcall node register`: creates a slot, and the token with which a machine takes it. */
export async function run(call: CallOf<typeof nodeRegisterCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const { label = {}, description = '' } = options;
  const slot = await connection.ask(
    createNode({
      client: connection.client,
      body: { name: call.arguments[0], labels: label, description, expiresIn: options.expiresIn },
    }),
  );
  await printInstall(slot, bootstrapToken(slot, connection), options, terminal, connection);
}
