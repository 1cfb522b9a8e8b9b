import { followedEvents } from '../connection/followed-events.js';
import type { CallOf } from '../grammar/add-command.js';
import type { eventsCommand } from '../grammar/other-commands.js';
import { EventPrinter } from '../output/event-printer.js';

/** `rollcall events`: what happens to nodes, as it happens. */
export async function run(call: CallOf<typeof eventsCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const { node, filterLabels, type, severity } = options;
  const query = {
    ...(node ? { node } : {}),
    ...(filterLabels ? { label: filterLabels } : {}),
    ...(type ? { type } : {}),
    ...(severity ? { severity } : {}),
  };
  const printer = new EventPrinter(options, terminal);
  const events = followedEvents({ connection: await call.connect(), query, terminal, interruption });
  for await (const event of events) await printer.print(event);
}
