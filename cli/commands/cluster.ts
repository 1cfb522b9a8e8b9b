import { getCluster } from '../../client/sdk.gen.js';
import { describeCluster, massSilenceLine } from '../output/cluster-description.js';
import { printDocument } from '../output/print-document.js';
import { readinessOf } from '../connection/connection.js';
import type { CallOf } from '../grammar/add-command.js';
import type { clusterCommand } from '../grammar/other-commands.js';

/** `rollcall cluster`: numbers, states and capacity of the nodes. */
export async function run(call: CallOf<typeof clusterCommand>): Promise<void> {
  const connection = await call.connect();
  const cluster = await connection.ask(getCluster({ client: connection.client }));
  if (cluster.massSilence) call.terminal.stderr.write(`${massSilenceLine(cluster.massSilence)}\n`);
  await printDocument(cluster, call.options.output, call.terminal, async () =>
    describeCluster(cluster, await readinessOf(connection.client)),
  );
}
