import type { DrainSet } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { SetCommands } from './set-commands.js';
import type { Connection } from '../connection/connection.js';
import { DrainMonitor } from './drain-monitor.js';
import { othersLine, tally, windowLine } from '../output/drain-lines.js';
import { plainText } from '../../contract/plain-text.js';
import type { Terminal } from '../process/terminal.js';
import { waitUntil } from './wait.js';

/** States of nodes that need a person's attention. */
const WORTH_A_WORD: Partial<Record<DrainSet['state'] | NonNullable<DrainSet['nodes']>[number]['state'], string>> = {
  SKIPPED: 'was skipped',
  FAILED: 'failed',
  NOT_MANAGED: 'was left alone',
};

export interface DrainSetWait {
  terminal: Pick<Terminal, 'stderr'>;
  interruption: AbortSignal;
  /** Shows live what blocks it. */
  monitor?: boolean | undefined;
  /** In milliseconds. */
  timeoutMs?: number | undefined;
}

/**
 * Waits for a set to be over, and reports the outcome.
 * @throws CliFailure after the timeout, on Ctrl-C, and if the set was cancelled
 */
export async function waitForDrainSet<View extends DrainSet>(
  connection: Connection,
  kind: SetCommands<View>,
  id: string,
  { terminal, interruption, monitor, timeoutMs }: DrainSetWait,
): Promise<View> {
  const named = `${kind.what.toLowerCase()} ${id}`;
  const screen = monitor ? new DrainMonitor(connection, terminal, kind.what) : undefined;
  let set = await kind.get(connection, id);
  await waitUntil(
    connection,
    async () => {
      set = await kind.get(connection, id);
      await screen?.showSet(set);
      return set.endedAt === null
        ? {
            waitingFor: `${named} (${set.state}: ${tally(set)}${set.others.waiting ? `; ${othersLine(set)}` : ''}${set.window?.waiting ? `; ${windowLine(set, connection.now())}` : ''})`,
          }
        : 'done';
    },
    {
      timeoutMs,
      interruption,
      progress: screen?.progress ?? ((line) => terminal.stderr.write(`Waiting for ${line}\n`)),
      see: `rollcall ${kind.command} describe ${id}${monitor ? ' --monitor' : ''}`,
    },
  );
  for (const { id: node, state, reason } of set.nodes ?? []) {
    const words = WORTH_A_WORD[state];
    if (words !== undefined) terminal.stderr.write(`Node ${node} ${words}: ${plainText(reason)}\n`);
  }
  if (set.state === 'CANCELLED') {
    throw new CliFailure(
      EXIT_CODE.failure,
      'SUPERSEDED',
      `${named} was cancelled by ${plainText(set.ruling.by)}: ${tally(set)}`,
      `See: rollcall ${kind.command} describe ${id}`,
    );
  }
  return set;
}
