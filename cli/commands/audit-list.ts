import type { AuditEvent } from '../../client/types.gen.js';
import { listAudit } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import { auditColumns, WIDE_AUDIT_COLUMNS } from '../output/audit-columns.js';
import { printItems } from '../output/print-items.js';
import type { CallOf } from '../grammar/add-command.js';
import type { auditListCommand } from '../grammar/token-commands.js';

/** `rollcall audit list`: the latest decisions and changes of tokens, oldest first like a log. */
export async function run(call: CallOf<typeof auditListCommand>): Promise<void> {
  const { options, terminal } = call;
  const { limit, node, token, by } = options;
  const connection = await call.connect();
  const filters = {
    ...(node === undefined ? {} : { node }),
    ...(token === undefined ? {} : { token }),
    ...(by === undefined ? {} : { by }),
  };
  const events = await allPages<AuditEvent>(
    (query) => connection.ask(listAudit({ client: connection.client, query: { ...query, ...filters } })),
    limit,
  );
  await printItems(
    events.toReversed(),
    { table: auditColumns(connection.now()), wide: WIDE_AUDIT_COLUMNS, name: ({ id }) => id },
    options,
    terminal,
  );
}
