import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeListCommand } from '../grammar/node-commands.js';
import type { Connection } from '../connection/connection.js';
import { NodeFeed } from '../output/node-feed.js';
import { NodeScreen } from '../output/node-screen.js';

export interface NodeWatch {
  fetchNodes: () => Promise<readonly Node[]>;
  connection: Pick<Connection, 'now' | 'server'>;
  call: Pick<CallOf<typeof nodeListCommand>, 'options' | 'terminal' | 'interruption'>;
  /** In milliseconds. */
  intervalMs?: number;
}

/** Shows the nodes as they change, until Ctrl-C: a screen where a person looks, rows that changed where a program reads. */
export async function watchNodes({ fetchNodes, connection, call, intervalMs = 2_000 }: NodeWatch): Promise<never> {
  const { options, terminal, interruption } = call;
  const onScreen = terminal.stdout.isTTY === true && (options.output === 'table' || options.output === 'wide');
  const view = onScreen ? new NodeScreen(options, terminal) : new NodeFeed(options, terminal);
  let lost = false;
  for (;;) {
    try {
      await view.show(await fetchNodes(), connection.now());
      lost = false;
    } catch (error) {
      // Nodes are watched over hours: an api that restarts must not end that.
      if (!(error instanceof CliFailure) || !['UNREACHABLE', 'UNAVAILABLE', 'TIMEOUT'].includes(error.code))
        throw error;
      if (!lost) terminal.stderr.write(`${error.sentence()} (trying on)\n`);
      lost = true;
    }
    await sleep(intervalMs, undefined, { signal: interruption }).catch(() => {
      throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'no longer watching');
    });
  }
}
