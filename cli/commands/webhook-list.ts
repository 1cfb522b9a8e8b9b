import { listWebhooks } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookListCommand } from '../grammar/webhook-commands.js';
import { printItems } from '../output/print-items.js';
import { WEBHOOK_COLUMNS, wideWebhookColumns } from '../output/webhook-columns.js';

/** `rollcall webhook list`: latest first. */
export async function run(call: CallOf<typeof webhookListCommand>): Promise<void> {
  const connection = await call.connect();
  const { items } = await connection.ask(listWebhooks({ client: connection.client }));
  const wide = wideWebhookColumns(connection.now());
  await printItems(items, { table: WEBHOOK_COLUMNS, wide, name: ({ id }) => id }, call.options, call.terminal);
}
