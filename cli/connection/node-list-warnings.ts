import { getCluster } from '../../client/sdk.gen.js';
import type { Node } from '../../client/types.gen.js';
import { plainText } from '../../contract/plain-text.js';
import { massSilenceLine } from '../output/cluster-description.js';
import type { Terminal } from '../process/terminal.js';
import type { Connection } from './connection.js';

/** Warnings on stderr about the listed nodes, whose table has fixed columns for scripts. Counted page by page. */
export class NodeListWarnings {
  private nodes = 0;
  private silent = 0;
  private overdue = 0;
  private outdated = 0;
  /** Version of the api, if an agent is older. */
  private api: string | undefined;

  note(nodes: readonly Node[]): void {
    this.nodes += nodes.length;
    for (const { status, overdue, outdated } of nodes) {
      if (status === 'UNHEALTHY' || status === 'UNKNOWN') this.silent += 1;
      if (overdue) this.overdue += 1;
      if (!outdated) continue;
      this.outdated += 1;
      this.api ??= outdated.api;
    }
  }

  async tell(connection: Connection, terminal: Terminal): Promise<void> {
    await this.tellOfMassSilence(connection, terminal);
    this.tellOfUnjudged(terminal);
    this.tellOfOutdated(terminal);
    if (this.nodes === 0) terminal.stderr.write('No node matches.\n');
  }

  /** What cannot be determined is left out. */
  private async tellOfMassSilence(connection: Connection, terminal: Terminal): Promise<void> {
    if (this.silent === 0) return;
    const cluster = await connection.ask(getCluster({ client: connection.client })).catch(() => undefined);
    if (cluster?.massSilence) terminal.stderr.write(`${massSilenceLine(cluster.massSilence)}\n`);
  }

  /** Explains nodes that are shown as UNKNOWN. */
  private tellOfUnjudged({ stderr }: Terminal): void {
    if (this.overdue === 0) return;
    stderr.write(
      `warning: ${this.overdue === 1 ? '1 node is silent for longer than it may' : `${this.overdue} nodes are silent for longer than they may`}, and not judged yet: see rollcall cluster\n`,
    );
  }

  private tellOfOutdated({ stderr }: Terminal): void {
    if (this.api === undefined) return;
    const have = this.outdated === 1 ? '1 node has an agent' : `${this.outdated} nodes have agents`;
    stderr.write(
      `warning: ${have} older than the api (${plainText(this.api)}): rollcall node list --outdated -o wide\n`,
    );
  }
}
