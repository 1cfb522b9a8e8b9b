import type { NodeEvent } from '../../client/types.gen.js';
import { followedEvents } from '../connection/followed-events.js';
import type { CallOf } from '../grammar/add-command.js';
import type { eventsCommand } from '../grammar/other-commands.js';
import { FOLLOWED_EVENT_COLUMNS, WIDE_EVENT_COLUMNS } from '../output/event-columns.js';
import { ItemStream } from '../output/item-stream.js';
import type { Presentation } from '../output/print-items.js';

const PRESENTATION: Presentation<NodeEvent> = {
  table: FOLLOWED_EVENT_COLUMNS,
  wide: WIDE_EVENT_COLUMNS,
  name: ({ id }) => id,
};

/** `rollcall events`: follows events of nodes. */
export async function run(call: CallOf<typeof eventsCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const { node, filterLabels, type, severity } = options;
  const query = {
    ...(node ? { node } : {}),
    ...(filterLabels ? { label: filterLabels } : {}),
    ...(type ? { type } : {}),
    ...(severity ? { severity } : {}),
  };
  const stream = new ItemStream<NodeEvent>(options, terminal);
  const events = followedEvents({ connection: await call.connect(), query, terminal, interruption });
  for await (const event of events) await stream.print([event], PRESENTATION);
}
