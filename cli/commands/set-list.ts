import type { DrainSet } from '../../client/types.gen.js';
import type { Call } from '../connection/call.js';
import type { EpochMs } from '../../contract/states.js';
import { allPages } from '../../client/pages.js';
import { printItems } from '../output/print-items.js';
import type { Column } from '../output/table.js';
import type { SetCommands } from '../waiting/set-commands.js';

type Options = { limit: number } & Parameters<typeof printItems>[2];

/** `list` of drains and agent updates: latest first, including those that are over. */
export function listing<View extends DrainSet>(
  kind: SetCommands<View>,
  columns: (now: EpochMs) => readonly Column<View>[],
  wide: (now: EpochMs) => readonly Column<View>[],
): { run(call: Call<Options, []>): Promise<void> } {
  return {
    async run(call) {
      const { options, terminal } = call;
      const connection = await call.connect();
      const sets = await allPages<View>((query) => kind.list(connection, query), options.limit);
      const now = connection.now();
      await printItems(sets, { table: columns(now), wide: wide(now), name: ({ id }) => id }, options, terminal);
      if (sets.length === 0) terminal.stderr.write(`${kind.none}\n`);
    },
  };
}
