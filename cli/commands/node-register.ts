import { createNode } from '../../client/sdk.gen.js';
import { installAs, installText } from '../output/install-text.js';
import { printDocument } from '../output/print-document.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeRegisterCommand } from '../grammar/node-commands.js';

/** `rollcall node register`: the token on stdout, what to do with it on stderr, so that a script can keep the token alone. */
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
  if (options.format !== undefined) return void terminal.stdout.write(installAs(options.format, slot.install));
  await printDocument(slot, options.output, terminal, () => {
    terminal.stderr.write(installText(slot, connection.now(), connection.caFile));
    return `${slot.bootstrapToken}\n`;
  });
}
