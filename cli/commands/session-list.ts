import { listSessions } from '../../client/sdk.gen.js';
import type { ListSessionsData, Session } from '../../client/types.gen.js';
import { allPages } from '../../client/pages.js';
import { printItems } from '../output/print-items.js';
import { SESSION_COLUMNS, wideSessionColumns } from '../output/session-columns.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { sessionListCommand } from '../grammar/session-commands.js';

type Filters = NonNullable<ListSessionsData['query']>;

/** `rollcall session list`: latest first. */
export async function run(call: CallOf<typeof sessionListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const most = options.all ? Number.POSITIVE_INFINITY : options.limit;
  // One more than asked for shows whether there are more.
  const found = await allPages<Session>(
    (query) => connection.ask(listSessions({ client: connection.client, query: { ...filtersOf(options), ...query } })),
    most + 1,
  );
  const shown = found.slice(0, most);
  await printItems(
    shown,
    { table: SESSION_COLUMNS, wide: wideSessionColumns(connection.now()), name: ({ id }) => id },
    options,
    terminal,
  );
  if (found.length === 0) terminal.stderr.write('No session matches.\n');
  if (found.length > shown.length)
    terminal.stderr.write(`These are the latest ${shown.length}; for more: --limit or --all\n`);
}

function filtersOf({ node, principal, state, live, kind }: OptionsOf<typeof sessionListCommand>): Filters {
  return {
    ...(node === undefined ? {} : { node }),
    ...(principal === undefined ? {} : { principal }),
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(live ? { live: 'true' as const } : {}),
  };
}
