import { listMaintenance } from '../../client/sdk.gen.js';
import type { Maintenance } from '../../client/types.gen.js';
import { allPages } from '../../client/pages.js';
import type { CallOf } from '../grammar/add-command.js';
import type { maintenanceListCommand } from '../grammar/maintenance-commands.js';
import { maintenanceColumns, wideMaintenanceColumns } from '../output/maintenance-columns.js';
import { printItems } from '../output/print-items.js';

/** `rollcall maintenance list`: in the order in which it begins. */
export async function run(call: CallOf<typeof maintenanceListCommand>): Promise<void> {
  const { options, terminal } = call;
  const { planned, limit } = options;
  const connection = await call.connect();
  const query = planned ? { state: 'planned' as const } : {};
  const found = await allPages<Maintenance>(
    (page) => connection.ask(listMaintenance({ client: connection.client, query: { ...page, ...query } })),
    limit,
  );
  const columns = { table: maintenanceColumns(connection.now()), wide: wideMaintenanceColumns(connection.now()) };
  await printItems(found, { ...columns, name: ({ id }) => id }, options, terminal);
  if (found.length === 0)
    terminal.stderr.write(
      planned ? 'Nothing is planned.\n' : 'Nothing is planned or ends by itself, and no maintenance window opens.\n',
    );
}
