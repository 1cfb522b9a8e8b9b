import { pause } from '../../client/pause.js';
import type { Node } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE, mayPass } from '../process/cli-failure.js';
import type { CallOf } from '../grammar/add-command.js';
import type { nodeListCommand } from '../grammar/node-commands.js';
import type { Connection } from '../connection/connection.js';
import { NodeFeed } from '../output/node-feed.js';
import { NodeScreen } from '../output/node-screen.js';
import { FollowedNodes, type WatchPace } from './followed-nodes.js';

/** Interval of full reads for a screen, whose ages grow, in milliseconds. */
const SCREEN_MS = 2_000;
/** Rows of a screen of unknown size: one page of the api. */
const MOST_ROWS = 1_000;

export interface NodeWatch {
  /** The first nodes of the list, whether there are more, and their number if it could be counted quickly. */
  readFirst: (limit: number) => Promise<{ items: readonly Node[]; nextCursor: string | null; total: number | null }>;
  /** All nodes, or those with these ids. */
  read: (ids?: readonly string[]) => Promise<readonly Node[]>;
  connection: Pick<Connection, 'now' | 'server' | 'client' | 'openStream' | 'failureOf'>;
  call: Pick<CallOf<typeof nodeListCommand>, 'options' | 'terminal' | 'interruption'>;
  pace?: WatchPace;
}

/** Shows nodes as they change, until Ctrl-C: on a screen for people, as changed rows for programs. */
export async function watchNodes(watch: NodeWatch): Promise<never> {
  const { terminal, interruption } = watch.call;
  const { show, due } = shownBy(watch);
  let lost = false;
  try {
    for (;;) {
      try {
        await show();
        lost = false;
      } catch (error) {
        // Nodes are watched over hours, so a restart of the api must not end that.
        if (!mayPass(error)) throw error;
        if (!lost) terminal.stderr.write(`${error.sentence()} (trying on)\n`);
        lost = true;
      }
      await due();
    }
  } catch (error) {
    if (interruption.aborted) throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'no longer watching');
    throw error;
  }
}

/** A screen reads only what fits on it, unless nodes are filtered here instead of by the api. */
function shownBy({ readFirst, read, connection, call, pace }: NodeWatch) {
  const { options, terminal, interruption } = call;
  const onScreen = terminal.stdout.isTTY === true && (options.output === 'table' || options.output === 'wide');
  const screen = onScreen ? new NodeScreen(options, terminal) : undefined;
  if (screen !== undefined && options.filter === undefined)
    return {
      show: async () => {
        const { items, total, nextCursor } = await readFirst(Math.min(terminal.stdout.rows || MOST_ROWS, MOST_ROWS));
        screen.show(
          items,
          connection.now(),
          nextCursor === null ? 0 : total === null ? undefined : total - items.length,
        );
      },
      due: () => pause(pace?.gather ?? SCREEN_MS, interruption),
    };
  const feed = new NodeFeed(options, terminal);
  const nodes = new FollowedNodes({ read, connection, interruption, ...(pace && { pace }) });
  return {
    show: async () => {
      const all = await nodes.read();
      await (screen === undefined ? feed.show(all, connection.now()) : screen.show(all, connection.now(), 0));
    },
    due: () => nodes.due(),
  };
}
