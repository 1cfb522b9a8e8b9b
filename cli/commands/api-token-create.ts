import { createApiToken } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { apiTokenCreateCommand } from '../grammar/token-commands.js';
import { printApiToken } from '../output/print-api-token.js';

/** `rollcall api-token create`. */
export async function run(call: CallOf<typeof apiTokenCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { role, scope, expiresIn } = options;
  const connection = await call.connect();
  const body = { name, role, expiresIn, ...(scope && { scope }) };
  const made = await connection.ask(createApiToken({ client: connection.client, body }));
  await printApiToken(made, '', options, terminal, connection);
}
