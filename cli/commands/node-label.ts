import { editNode, getNode } from '../../client/sdk.gen.js';
import { idsFrom } from '../arguments/ids-from.js';
import { nodeId } from '../arguments/parsers.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeLabelCommand } from '../grammar/node-commands.js';
import { Several } from '../waiting/several.js';

/** `rollcall node label`: labels that are not named stay as they are. */
export async function run(call: CallOf<typeof nodeLabelCommand>): Promise<void> {
  const [named, changes] = call.arguments;
  const ids = await idsFrom(named, nodeId, call);
  const connection = await call.connect();
  const { client } = connection;
  const several = new Several(ids, call);
  await several.each(
    ids.map((id) => ({ id })),
    async ({ id }) => {
      const { labels: before } = await connection.ask(getNode({ client, path: { id } }));
      const after = Object.entries<string | null>({ ...before, ...changes });
      const labels = Object.fromEntries(after.filter((entry): entry is [string, string] => entry[1] !== null));
      await connection.ask(editNode({ client, path: { id }, body: { labels } }));
      several.done(id);
    },
  );
  several.end('nodes were left as they were');
}
