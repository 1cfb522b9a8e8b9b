import { deleteWebhook } from '../../client/sdk.gen.js';
import type { Client } from '../../client/client/index.js';
import { drainId } from '../arguments/parsers.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookDeleteCommand } from '../grammar/webhook-commands.js';
import { formatCount } from '../output/quantity.js';
import { eachId } from '../waiting/each-id.js';

/** `rollcall webhook delete`: one or more; prints `Ok` when it is deleted. */
export function run(call: CallOf<typeof webhookDeleteCommand>): Promise<void> {
  return eachId(call, {
    parse: drainId,
    asks: (ids) =>
      `Delete ${ids.length === 1 ? `webhook ${ids[0]}` : formatCount(ids.length, 'webhook')}? What waits for it is not told.`,
    act: (connection, id) => {
      const request: { client: Client; path: { id: string } } = { client: connection.client, path: { id } };
      return connection.ask(deleteWebhook(request));
    },
    failed: 'webhooks were not deleted',
  });
}
