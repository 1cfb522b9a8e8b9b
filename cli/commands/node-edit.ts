import { editNode } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeEditCommand } from '../grammar/node-commands.js';

/** `rollcall node edit`: changes its description. */
export async function run(call: CallOf<typeof nodeEditCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const connection = await call.connect();
  await connection.ask(
    editNode({ client: connection.client, path: { id }, body: { description: options.description } }),
  );
  terminal.stdout.write('Ok\n');
}
