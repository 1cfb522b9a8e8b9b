import { getDrain } from '../../client/sdk.gen.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import { describeDrain } from '../output/drain-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { drainDescribeCommand } from '../grammar/drain-commands.js';

/** `rollcall drain describe`: how far a set has come, node by node. With `--monitor`, when it is over. */
export async function run(call: CallOf<typeof drainDescribeCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const [id] = call.arguments;
  const connection = await call.connect();
  const set = options.monitor
    ? await waitForDrainSet(connection, id, { terminal, interruption, monitor: true })
    : await connection.ask(getDrain({ client: connection.client, path: { id } }));
  await printDocument(set, options.output, terminal, () =>
    describeDrain(set, { now: connection.now(), colours: wantsColours(terminal.stdout, terminal.env) }),
  );
}
