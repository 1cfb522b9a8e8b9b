import type { NodeEvent } from '../../client/types.gen.js';
import { listNodeEvents } from '../../client/sdk.gen.js';
import { nodeIdOf, type Call } from '../call.js';
import { eventColumns, WIDE_EVENT_COLUMNS } from '../output/event-columns.js';
import { printItems, type OutputFormat } from '../output/print-items.js';

export interface NodeEventsOptions {
  output: OutputFormat;
  headers: boolean;
  limit: number;
}

const PAGE_SIZE = 1_000;

/** `rollcall node events`: the latest events of a node, oldest first, as a log reads. */
export async function run(call: Call<NodeEventsOptions>): Promise<void> {
  const { options, terminal } = call;
  const id = nodeIdOf(call);
  const connection = await call.connect();
  const events: NodeEvent[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: Math.min(PAGE_SIZE, options.limit - events.length), ...(cursor === null ? {} : { cursor }) };
    const page: { items: NodeEvent[]; nextCursor: string | null } = await connection.ask(listNodeEvents({ client: connection.client, path: { id }, query }));
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && events.length < options.limit);
  await printItems(events.toReversed(), { table: eventColumns(connection.now()), wide: WIDE_EVENT_COLUMNS, name: (event) => event.id }, options, terminal);
}
