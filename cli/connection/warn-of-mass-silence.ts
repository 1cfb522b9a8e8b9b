import { getCluster } from '../../client/sdk.gen.js';
import type { Node } from '../../client/types.gen.js';
import type { Connection } from './connection.js';
import { massSilenceLine } from '../output/cluster-description.js';
import type { Terminal } from '../process/terminal.js';

/** Where some of the nodes that are shown are silent, says on stderr whether that is a mass silence. What cannot be learned is not said. */
export async function warnOfMassSilence(
  nodes: readonly Node[],
  connection: Connection,
  terminal: Terminal,
): Promise<void> {
  if (!nodes.some(({ status }) => status === 'UNHEALTHY' || status === 'UNKNOWN')) return;
  const cluster = await connection.ask(getCluster({ client: connection.client })).catch(() => undefined);
  if (cluster?.massSilence) terminal.stderr.write(`${massSilenceLine(cluster.massSilence)}\n`);
}
