import { terminateNodeSession, terminateSession } from '../../client/sdk.gen.js';
import type { Connection } from '../connection/connection.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { sessionTerminateCommand } from '../grammar/session-commands.js';
import { sessionIdText } from '../arguments/parsers.js';
import { confirm } from '../process/confirm.js';
import { idsFrom } from '../arguments/ids-from.js';
import { formatCount } from '../output/quantity.js';
import { Several } from '../waiting/several.js';

/** `rollcall session terminate`: one or more; those after one that cannot be terminated are all the same. */
export async function run(call: CallOf<typeof sessionTerminateCommand>): Promise<void> {
  const { options } = call;
  const ids = await idsFrom(call.arguments[0], sessionIdText, call);
  const connection = await call.connect();
  await confirm(`Terminate ${formatCount(ids.length, 'session')}? Their work is lost.`, options, call);
  const several = new Several(ids, call);
  await several.each(
    ids.map((id) => ({ id })),
    async ({ id }) => {
      await terminate(connection, id, options);
      several.done(id);
    },
  );
  several.end('sessions were not terminated');
}

function terminate(
  connection: Connection,
  id: string,
  { reason, node }: OptionsOf<typeof sessionTerminateCommand>,
): Promise<unknown> {
  const { client } = connection;
  const query = reason ? { reason } : {};
  if (node !== undefined)
    return connection.ask(terminateNodeSession({ client, path: { id: node, sessionId: id }, query }));
  return connection.ask(terminateSession({ client, path: { id }, query }));
}
