import { listNodeSessions } from '../../client/sdk.gen.js';
import type { DrainSet, Node, NodeSession } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Connection } from '../connection/connection.js';
import { drainSetPicture, nodeDrainPicture } from '../output/drain-lines.js';
import { LiveLines } from '../output/live-lines.js';
import type { Terminal } from '../process/terminal.js';

/** Maximum number of nodes of a set whose sessions are shown. */
const NODES_SHOWN = 5;

/** Shows live on stderr what a drain waits for. */
export class DrainMonitor {
  private readonly screen: LiveLines;

  constructor(
    private readonly connection: Connection,
    private readonly terminal: Pick<Terminal, 'stderr'>,
    /** Name of the kind of set, at the beginning of a sentence. */
    private readonly what = 'Drain',
  ) {
    this.screen = new LiveLines(terminal.stderr);
  }

  async showNode(node: Node): Promise<void> {
    const { lines, content } = nodeDrainPicture(node, await this.sessionsOf(node.id), this.connection.now());
    this.screen.show(lines, content);
  }

  async showSet(set: DrainSet): Promise<void> {
    const draining = (set.nodes ?? []).filter(({ state }) => state === 'DRAINING').slice(0, NODES_SHOWN);
    const blocking = await Promise.all(
      draining.map(async ({ id }) => ({ node: id, sessions: await this.sessionsOf(id) })),
    );
    const { lines, content } = drainSetPicture(set, blocking, this.connection.now(), this.what);
    this.screen.show(lines, content);
  }

  /** The wait's own messages: all that it waits for is shown already, except an api that does not answer. */
  readonly progress = (line: string, silent: boolean): void => {
    if (!silent) return;
    this.screen.end();
    this.terminal.stderr.write(`Waiting for ${line}\n`);
  };

  private async sessionsOf(id: string): Promise<NodeSession[]> {
    try {
      return (await this.connection.ask(listNodeSessions({ client: this.connection.client, path: { id } }))).items;
    } catch (error) {
      // Removed between two looks: the next one finds out.
      if (error instanceof CliFailure && error.exitCode === EXIT_CODE.notFound) return [];
      throw error;
    }
  }
}
