import type { ApiToken } from '../../client/types.gen.js';
import { listApiTokens } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import { printItems } from '../output/print-items.js';
import { apiTokenColumns, wideApiTokenColumns } from '../output/token-columns.js';
import type { CallOf } from '../grammar/add-command.js';
import type { apiTokenListCommand } from '../grammar/token-commands.js';

/** `rollcall api-token list`: latest first, including tokens that no longer work. */
export async function run(call: CallOf<typeof apiTokenListCommand>): Promise<void> {
  const connection = await call.connect();
  const tokens = await allPages<ApiToken>((query) =>
    connection.ask(listApiTokens({ client: connection.client, query })),
  );
  const now = connection.now();
  await printItems(
    tokens,
    { table: apiTokenColumns(now), wide: wideApiTokenColumns(now), name: ({ id }) => id },
    call.options,
    call.terminal,
  );
}
