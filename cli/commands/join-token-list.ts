import type { JoinToken } from '../../client/types.gen.js';
import { listJoinTokens } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import { printItems } from '../output/print-items.js';
import { joinTokenColumns, wideJoinTokenColumns } from '../output/token-columns.js';
import type { CallOf } from '../grammar/add-command.js';
import type { joinTokenListCommand } from '../grammar/token-commands.js';

/** `rollcall join-token list`: latest first, including tokens that no longer work. */
export async function run(call: CallOf<typeof joinTokenListCommand>): Promise<void> {
  const connection = await call.connect();
  const tokens = await allPages<JoinToken>((query) =>
    connection.ask(listJoinTokens({ client: connection.client, query })),
  );
  const now = connection.now();
  await printItems(
    tokens,
    { table: joinTokenColumns(now), wide: wideJoinTokenColumns(now), name: ({ id }) => id },
    call.options,
    call.terminal,
  );
}
