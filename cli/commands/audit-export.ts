import type { AuditEvent } from '../../client/types.gen.js';
import { listAudit } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import { momentOf } from '../arguments/parsers.js';
import type { auditExportCommand } from '../grammar/token-commands.js';

const PAGE_SIZE = 1_000;

/** `rollcall audit export`: one JSON document per line, written page by page, so that memory use does not grow with the audit. */
export async function run(call: CallOf<typeof auditExportCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const range = {
    ...(options.since && { since: momentOf(options.since, connection.now()) }),
    ...(options.until && { until: momentOf(options.until, connection.now()) }),
  };
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { ...range, order: 'oldest' as const, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const page: { items: AuditEvent[]; nextCursor: string | null } = await connection.ask(
      listAudit({ client: connection.client, query }),
    );
    terminal.stdout.write(page.items.map((event) => `${JSON.stringify(event)}\n`).join(''));
    cursor = page.nextCursor;
  }
}
