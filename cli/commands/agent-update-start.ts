import { createAgentUpdate } from '../../client/sdk.gen.js';
import { windowWords } from '../output/drain-lines.js';
import { formatCount } from '../output/quantity.js';
import { AGENT_UPDATE_COMMANDS } from '../waiting/set-commands.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import type { CallOf } from '../grammar/add-command.js';
import type { agentUpdateStartCommand } from '../grammar/agent-update-commands.js';

/** `rollcall agent-update start`: updates the agents of all nodes with the labels, a few at a time. */
export async function run(call: CallOf<typeof agentUpdateStartCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const { filterLabels, reason = '', maxUnavailable = 1, maxFailures, allowDowngrade = false } = options;
  const { window, deadline, onDeadline, updateTimeout, wait, monitor, timeout, dryRun } = options;
  const connection = await call.connect();
  const body = {
    version: call.arguments[0],
    labels: filterLabels,
    reason,
    maxUnavailable,
    downgrade: allowDowngrade,
    ...(maxFailures === undefined ? {} : { maxFailures }),
    ...(updateTimeout === undefined ? {} : { timeout: updateTimeout }),
    ...(window === undefined ? {} : { window }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(onDeadline === undefined ? {} : { onDeadline }),
  };
  const set = await connection.ask(createAgentUpdate({ client: connection.client, body }));
  const { id, nodes, maxUnavailable: atOnce } = set;
  const extent = `of ${formatCount(nodes?.length ?? 0, 'node')}`;
  if (dryRun) {
    terminal.stdout.write('Ok\n');
    terminal.stderr.write(`An agent update ${extent} would begin${windowWords(set)}, at most ${atOnce} at once.\n`);
    return;
  }
  terminal.stdout.write(`${id}\n`);
  terminal.stderr.write(
    `Agent update ${id} ${extent} ${set.window?.waiting ? 'begins' : 'has begun'}${windowWords(set)}, at most ${atOnce} at once; see: rollcall agent-update describe ${id}\n`,
  );
  if (wait)
    await waitForDrainSet(connection, AGENT_UPDATE_COMMANDS, id, {
      terminal,
      interruption,
      monitor,
      timeoutMs: timeout,
    });
}
