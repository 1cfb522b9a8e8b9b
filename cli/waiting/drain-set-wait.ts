import { getDrain } from '../../client/sdk.gen.js';
import type { DrainSet } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Connection } from '../connection/connection.js';
import { DrainMonitor } from './drain-monitor.js';
import { othersLine, tally } from '../output/drain-lines.js';
import { plainText } from '../../contract/plain-text.js';
import type { Terminal } from '../process/terminal.js';
import { waitUntil } from './wait.js';

export interface DrainSetWait {
  terminal: Pick<Terminal, 'stderr'>;
  interruption: AbortSignal;
  /** Shows what blocks, live. */
  monitor?: boolean | undefined;
  /** In milliseconds. */
  timeoutMs?: number | undefined;
}

/**
 * Waits for a set to be over, and says how it went.
 * @throws CliFailure after the timeout, on Ctrl-C, and where the set was cancelled
 */
export async function waitForDrainSet(
  connection: Connection,
  id: string,
  { terminal, interruption, monitor, timeoutMs }: DrainSetWait,
): Promise<DrainSet> {
  const { client } = connection;
  const screen = monitor ? new DrainMonitor(connection, terminal) : undefined;
  let set = await connection.ask(getDrain({ client, path: { id } }));
  await waitUntil(
    connection,
    async () => {
      set = await connection.ask(getDrain({ client, path: { id } }));
      await screen?.showSet(set);
      return set.endedAt === null
        ? { waitingFor: `drain ${id} (${set.state}: ${tally(set)}${set.others.waiting ? `; ${othersLine(set)}` : ''})` }
        : 'done';
    },
    {
      timeoutMs,
      interruption,
      progress: screen?.progress ?? ((line) => terminal.stderr.write(`Waiting for ${line}\n`)),
      see: `rollcall drain describe ${id}${monitor ? ' --monitor' : ''}`,
    },
  );
  for (const { id: node, state, reason } of set.nodes ?? []) {
    if (state === 'SKIPPED') terminal.stderr.write(`Node ${node} was skipped: ${plainText(reason)}\n`);
  }
  if (set.state === 'CANCELLED') {
    throw new CliFailure(
      EXIT_CODE.failure,
      'SUPERSEDED',
      `drain ${id} was cancelled by ${plainText(set.ruling.by)}: ${tally(set)}`,
      `See: rollcall drain describe ${id}`,
    );
  }
  return set;
}
