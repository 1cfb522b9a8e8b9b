import { getNode } from '../../client/sdk.gen.js';
import type { Node } from '../../client/types.gen.js';
import { idsFrom } from '../arguments/ids-from.js';
import { nodeId } from '../arguments/parsers.js';
import type { Connection } from '../connection/connection.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeWaitCommand } from '../grammar/node-commands.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { inState } from '../waiting/awaited-state.js';
import { Several } from '../waiting/several.js';
import { currently, waitUntil } from '../waiting/wait.js';

/** `rollcall node wait`: waits until each node is in a state. A removed node reaches no other state. */
export async function run(call: CallOf<typeof nodeWaitCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const { for: wanted, timeout } = options;
  const ids = await idsFrom(call.arguments[0], nodeId, call);
  const connection = await call.connect();
  const several = new Several(ids, call);
  const since = performance.now();
  await several.each(
    ids.map((id) => ({ id })),
    async ({ id }) => {
      const node = await found(connection, id, wanted);
      const verdict = inState(id, wanted);
      await waitUntil(connection, async () => verdict(node && (await currently(connection, node))), {
        timeoutMs: timeout,
        since,
        interruption,
        progress: (line) => terminal.stderr.write(`Waiting for ${line}\n`),
        see: `rollcall node describe ${id}`,
      });
      several.done(id);
    },
  );
  several.end(`nodes did not become ${wanted}`);
}

/** A node that is gone already counts as removed. */
async function found(connection: Connection, id: string, wanted: string): Promise<Node | undefined> {
  try {
    return await connection.ask(getNode({ client: connection.client, path: { id } }));
  } catch (error) {
    const isGone = error instanceof CliFailure && error.exitCode === EXIT_CODE.notFound;
    if (isGone && wanted === 'REMOVED') return undefined;
    throw error;
  }
}
