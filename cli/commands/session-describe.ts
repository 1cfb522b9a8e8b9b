import { getSession } from '../../client/sdk.gen.js';
import { firstArgumentOf, type Call } from '../connection/call.js';
import { printDocument } from '../output/print-document.js';
import { describeSession } from '../output/session-description.js';
import { wantsColours } from '../process/terminal.js';
import type { OptionsOf } from '../grammar/add-command.js';
import type { sessionDescribeCommand } from '../grammar/session-commands.js';

export type SessionDescribeOptions = OptionsOf<typeof sessionDescribeCommand>;

/** `rollcall session describe`: everything about one session, the beginning of its result too. */
export async function run(call: Call<SessionDescribeOptions>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const session = await connection.ask(getSession({ client: connection.client, path: { id: firstArgumentOf(call) } }));
  await printDocument(session, options.output, terminal, () =>
    describeSession(session, { now: connection.now(), colours: wantsColours(terminal.stdout, terminal.env) }),
  );
}
