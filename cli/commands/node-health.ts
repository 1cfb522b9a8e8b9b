import { getNodeHistory } from '../../client/sdk.gen.js';
import { momentOf } from '../arguments/parsers.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeHealthCommand } from '../grammar/node-commands.js';
import { describeHealth } from '../output/health-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';

/** `rollcall node health`: the page's plots as lines of a terminal. */
export async function run(call: CallOf<typeof nodeHealthCommand>): Promise<void> {
  const { options, terminal } = call;
  const [id] = call.arguments;
  const { window, since, until } = options;
  const connection = await call.connect();
  const history = await connection.ask(
    getNodeHistory({
      client: connection.client,
      path: { id },
      query: {
        ...(window && { window }),
        ...(since && { from: momentOf(since, connection.now()) }),
        ...(until && { to: momentOf(until, connection.now()) }),
      },
    }),
  );
  await printDocument(history, options.output, terminal, () =>
    describeHealth(history, {
      columns: terminal.stdout.columns || undefined,
      colours: wantsColours(terminal.stdout, terminal.env),
    }),
  );
}
