import type { WebhookDelivery } from '../../client/types.gen.js';
import { listWebhookDeliveries } from '../../client/sdk.gen.js';
import { allPages } from '../../client/pages.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookDeliveriesCommand } from '../grammar/webhook-commands.js';
import { printItems } from '../output/print-items.js';
import { deliveryColumns, wideDeliveryColumns } from '../output/webhook-columns.js';

/** `rollcall webhook deliveries`: the latest, oldest first like a log. */
export async function run(call: CallOf<typeof webhookDeliveriesCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const { state, limit } = options;
  const connection = await call.connect();
  const found = await allPages<WebhookDelivery>(
    (page) =>
      connection.ask(
        listWebhookDeliveries({ client: connection.client, path: { id }, query: { ...page, ...(state && { state }) } }),
      ),
    limit,
  );
  const now = connection.now();
  const columns = { table: deliveryColumns(now), wide: wideDeliveryColumns(now) };
  await printItems(found.toReversed(), { ...columns, name: (delivery) => delivery.id }, options, terminal);
}
