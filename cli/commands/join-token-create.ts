import { createJoinToken } from '../../client/sdk.gen.js';
import { formatRoundSpan } from '../output/age.js';
import { printInstall } from '../output/print-install.js';
import type { CallOf } from '../grammar/add-command.js';
import type { joinTokenCreateCommand } from '../grammar/token-commands.js';

/** `rollcall join-token create`: a token, and how to join machines with it. */
export async function run(call: CallOf<typeof joinTokenCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const { maxUses, expiresIn, label = {}, namePattern, autoApprove, removeAfter, description = '' } = options;
  const connection = await call.connect();
  const body = {
    maxUses,
    expiresIn,
    labels: label,
    description,
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(autoApprove === undefined ? {} : { autoApprove }),
    ...(removeAfter === undefined ? {} : { removeAfter }),
  };
  const made = await connection.ask(createJoinToken({ client: connection.client, body }));
  const { id, maxUses: uses, expiresAt } = made.joinToken;
  const span = formatRoundSpan(Date.parse(expiresAt) - connection.now());
  const about = `The join token ${id} is shown this once. It lets ${uses === 1 ? '1 node' : `${uses} nodes`} in within ${span}, each under its host's name.`;
  await printInstall(made, { text: made.token, about }, options, terminal, connection);
}
