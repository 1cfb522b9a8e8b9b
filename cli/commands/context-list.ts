import { knownContexts, type KnownContext } from '../connection/known-contexts.js';
import type { CallOf } from '../grammar/add-command.js';
import type { contextListCommand } from '../grammar/login-commands.js';
import { printItems } from '../output/print-items.js';
import type { Column } from '../output/table.js';

const COLUMNS: readonly Column<KnownContext>[] = [
  { header: 'USED', cell: ({ current }) => (current ? '*' : '') },
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'SERVER', cell: ({ server }) => server },
];
const WIDE_COLUMNS: readonly Column<KnownContext>[] = [
  ...COLUMNS,
  { header: 'CA FILE', cell: ({ caFile }) => caFile ?? '-' },
  { header: 'FILE', cell: ({ file }) => file },
];

/** `rollcall context list`: contexts, without their tokens. */
export async function run({ options, terminal }: CallOf<typeof contextListCommand>): Promise<void> {
  const contexts = await knownContexts(options, terminal);
  await printItems(contexts, { table: COLUMNS, wide: WIDE_COLUMNS, name: ({ name }) => name }, options, terminal);
  if (contexts.length === 0)
    terminal.stderr.write('No cluster is known here. Log in: rollcall auth login --server URL\n');
}
