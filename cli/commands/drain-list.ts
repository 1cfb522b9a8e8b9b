import { listDrains } from '../../client/sdk.gen.js';
import type { DrainSet } from '../../client/types.gen.js';
import { allPages } from '../connection/all-pages.js';
import { drainColumns, wideDrainColumns } from '../output/drain-columns.js';
import { printItems } from '../output/print-items.js';
import type { CallOf } from '../grammar/add-command.js';
import type { drainListCommand } from '../grammar/drain-commands.js';

/** `rollcall drain list`: the latest first, those that are over too. */
export async function run(call: CallOf<typeof drainListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const sets = await allPages<DrainSet>(
    (query) => connection.ask(listDrains({ client: connection.client, query })),
    options.limit,
  );
  const now = connection.now();
  await printItems(
    sets,
    { table: drainColumns(now), wide: wideDrainColumns(now), name: ({ id }) => id },
    options,
    terminal,
  );
  if (sets.length === 0) terminal.stderr.write('There has been no drain of a set of nodes.\n');
}
