import { getSession } from '../../client/sdk.gen.js';
import { printDocument } from '../output/print-document.js';
import { describeSession } from '../output/session-description.js';
import { wantsColours } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { sessionDescribeCommand } from '../grammar/session-commands.js';

/** `rollcall session describe`: everything about one session, the beginning of its result too. */
export async function run(call: CallOf<typeof sessionDescribeCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const session = await connection.ask(getSession({ client: connection.client, path: { id: call.arguments[0] } }));
  await printDocument(session, options.output, terminal, () =>
    describeSession(session, { now: connection.now(), colours: wantsColours(terminal.stdout, terminal.env) }),
  );
}
