import { terminateNodeSession, terminateSession } from '../../client/sdk.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Connection } from '../connection/connection.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { sessionTerminateCommand } from '../grammar/session-commands.js';

/** `rollcall session terminate`: one or more; those after one that cannot be terminated are all the same. */
export async function run(call: CallOf<typeof sessionTerminateCommand>): Promise<void> {
  const { terminal, options, interruption } = call;
  const [ids] = call.arguments;
  const connection = await call.connect();
  const failures: CliFailure[] = [];
  for (const id of ids) {
    try {
      await terminate(connection, id, options);
      terminal.stdout.write(ids.length === 1 ? 'Ok\n' : `${id} Ok\n`);
    } catch (error) {
      if (!(error instanceof CliFailure) || interruption.aborted || ids.length === 1) throw error;
      // What concerns one of them is no reason to leave the others.
      if (error.exitCode !== EXIT_CODE.conflict && error.exitCode !== EXIT_CODE.notFound) throw error;
      terminal.stderr.write(`${error.sentence()}\n`);
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first)
    throw new CliFailure(
      first.exitCode,
      first.code,
      `${failures.length} of ${ids.length} sessions were not terminated`,
    );
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
