import type { TokenUse } from '../../client/types.gen.js';
import { getJoinToken, listJoinTokenUses } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import { describeJoinToken } from '../output/join-token-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { joinTokenDescribeCommand } from '../grammar/token-commands.js';

const USES_SHOWN = 100;

/** `rollcall join-token describe`: what a token admits, and who used it. */
export async function run(call: CallOf<typeof joinTokenDescribeCommand>): Promise<void> {
  const { options, terminal } = call;
  const path = { id: call.arguments[0] };
  const connection = await call.connect();
  const { client } = connection;
  const token = await connection.ask(getJoinToken({ client, path }));
  const uses = await allPages<TokenUse>(
    (query) => connection.ask(listJoinTokenUses({ client, path, query })),
    USES_SHOWN,
  );
  await printDocument({ ...token, usedBy: uses }, options.output, terminal, () =>
    describeJoinToken(token, uses, { now: connection.now(), colours: wantsColours(terminal.stdout, terminal.env) }),
  );
}
