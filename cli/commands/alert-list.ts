import { listAlerts } from '../../client/sdk.gen.js';
import type { Alert } from '../../client/types.gen.js';
import { allPages } from '../../client/pages.js';
import type { CallOf } from '../grammar/add-command.js';
import type { alertListCommand } from '../grammar/alert-commands.js';
import { alertColumns, wideAlertColumns } from '../output/alert-columns.js';
import { printItems } from '../output/print-items.js';

/** `rollcall alert list`: latest first. */
export async function run(call: CallOf<typeof alertListCommand>): Promise<void> {
  const { options, terminal } = call;
  const { all, kind, limit } = options;
  const connection = await call.connect();
  const query = { ...(all ? {} : { phase: 'raised' as const }), ...(kind ? { kind } : {}) };
  const found = await allPages<Alert>(
    (page) => connection.ask(listAlerts({ client: connection.client, query: { ...page, ...query } })),
    limit,
  );
  const now = connection.now();
  const columns = { table: alertColumns(now), wide: wideAlertColumns(now) };
  await printItems(found, { ...columns, name: ({ id }) => id }, options, terminal);
  if (found.length === 0) terminal.stderr.write(all ? 'No alert matches.\n' : 'No alert is raised.\n');
}
