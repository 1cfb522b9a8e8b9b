import { createJoinToken } from '../../client/sdk.gen.js';
import { formatRoundSpan } from '../output/age.js';
import { printDocument } from '../output/print-document.js';
import type { CallOf } from '../grammar/add-command.js';
import type { joinTokenCreateCommand } from '../grammar/token-commands.js';

/** `rollcall join-token create`: the token on stdout, what it is good for on stderr, so that a script can keep the token alone. */
export async function run(call: CallOf<typeof joinTokenCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const { maxUses, expiresIn, label = {}, namePattern, autoApprove, description = '' } = options;
  const connection = await call.connect();
  const body = {
    maxUses,
    expiresIn,
    labels: label,
    description,
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(autoApprove === undefined ? {} : { autoApprove }),
  };
  const made = await connection.ask(createJoinToken({ client: connection.client, body }));
  await printDocument(made, options.output, terminal, () => {
    const { id, maxUses: uses, expiresAt } = made.joinToken;
    const span = formatRoundSpan(Date.parse(expiresAt) - connection.now());
    terminal.stderr.write(
      `The join token ${id} is shown this once. It lets ${uses === 1 ? '1 node' : `${uses} nodes`} in within ${span}: set it as Compute.Auth.Token of their agents.\n`,
    );
    return `${made.token}\n`;
  });
}
