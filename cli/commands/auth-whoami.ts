import { getLogin } from '../../client/sdk.gen.js';
import { formatRoundSpan } from '../output/age.js';
import { powersText } from '../../contract/grants.js';
import { plainText } from '../../contract/plain-text.js';
import { printDocument } from '../output/print-document.js';
import { fieldLines } from '../output/sections.js';
import type { CallOf } from '../grammar/add-command.js';
import type { authWhoamiCommand } from '../grammar/login-commands.js';

/** `rollcall auth whoami`: the caller's identity and roles according to the server. */
export async function run(call: CallOf<typeof authWhoamiCommand>): Promise<void> {
  const connection = await call.connect();
  const login = await connection.ask(getLogin({ client: connection.client }));
  const { name, expiresAt } = login;
  const expires = expiresAt === null ? 'never' : `in ${formatRoundSpan(Date.parse(expiresAt) - connection.now())}`;
  const fields = [
    ['Server', connection.server],
    ['Name', plainText(name)],
    ['Role', plainText(powersText(login))],
    ['Expires', expires],
    ['Token', `from ${plainText(connection.tokenSource)}`],
  ] as const;
  await printDocument(
    { server: connection.server, tokenFrom: connection.tokenSource, ...login },
    call.options.output,
    call.terminal,
    () => `${fieldLines(fields).join('\n')}\n`,
  );
}
