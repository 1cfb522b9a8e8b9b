import { createDrain } from '../../client/sdk.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { DRAIN_COMMANDS } from '../waiting/set-commands.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import { nodeId } from '../arguments/parsers.js';
import { formatCount } from '../output/quantity.js';
import { idsFrom } from '../arguments/ids-from.js';
import { decisionCommand } from './node-decide.js';
import type { CallOf } from '../grammar/add-command.js';
import type { setDrainCommand } from '../grammar/decision-commands.js';

/** `rollcall node deactivate`: drains one node; or several, or all that have the labels, a few at a time. */
export async function run(call: CallOf<typeof setDrainCommand>): Promise<void> {
  const { filterLabels, maxUnavailable } = call.options;
  const named = call.arguments[0] ?? [];
  if ((named.length === 0) === (filterLabels === undefined)) {
    throw usage(
      named.length === 0
        ? 'it lacks the node'
        : `it names ${named.length === 1 ? 'one node' : 'nodes'} and labels of many`,
      'Try: rollcall node deactivate node-1, or: rollcall node deactivate --filter-labels pool=a',
    );
  }
  if (filterLabels !== undefined) return drainSet(call, { labels: filterLabels });
  const ids = await idsFrom(named, nodeId, call);
  if (ids.length > 1) return drainSet(call, { nodes: ids });
  if (maxUnavailable !== undefined) throw usage('--max-unavailable is for several nodes', 'Name them, or their labels');
  return decisionCommand('deactivate').run({ ...call, arguments: [ids] });
}

async function drainSet(
  call: CallOf<typeof setDrainCommand>,
  whom: { labels: string[] } | { nodes: string[] },
): Promise<void> {
  const { options, terminal, interruption } = call;
  const { reason = '', deadline, onDeadline, maxUnavailable = 1, wait, monitor, timeout, dryRun } = options;
  const connection = await call.connect();
  const body = {
    ...whom,
    reason,
    maxUnavailable,
    ...(deadline === undefined ? {} : { deadline }),
    ...(onDeadline === undefined ? {} : { onDeadline }),
  };
  const set = await connection.ask(createDrain({ client: connection.client, body }));
  const { id, nodes, maxUnavailable: atOnce } = set;
  const extent = `of ${formatCount(nodes?.length ?? 0, 'node')}`;
  if (dryRun) {
    terminal.stdout.write('Ok\n');
    terminal.stderr.write(`A drain ${extent} would begin, at most ${atOnce} at once.\n`);
    return;
  }
  terminal.stdout.write(`${id}\n`);
  terminal.stderr.write(
    `Drain ${id} ${extent} has begun, at most ${atOnce} at once; see: rollcall drain describe ${id}\n`,
  );
  if (wait)
    await waitForDrainSet(connection, DRAIN_COMMANDS, id, { terminal, interruption, monitor, timeoutMs: timeout });
}

function usage(detail: string, hint: string): CliFailure {
  return new CliFailure(EXIT_CODE.usage, 'USAGE', detail, hint);
}
