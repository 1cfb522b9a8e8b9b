import { rotateApiToken } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { apiTokenRotateCommand } from '../grammar/token-commands.js';
import { formatRoundSpan } from '../output/age.js';
import { printApiToken } from '../output/print-api-token.js';

/** `rollcall api-token rotate`: a second secret for a token, valid together with the first while its users switch. */
export async function run(call: CallOf<typeof apiTokenRotateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const { expiresIn, overlap } = options;
  const connection = await call.connect();
  const made = await connection.ask(
    rotateApiToken({ client: connection.client, path: { id }, body: { expiresIn, overlap } }),
  );
  const { formerUntil } = made.apiToken;
  const left = formerUntil === null ? 0 : Date.parse(formerUntil) - connection.now();
  const former = left > 0 ? `works for ${formatRoundSpan(left)} more` : 'works no more';
  await printApiToken(made, `The secret of before ${former}.`, options, terminal, connection);
}
