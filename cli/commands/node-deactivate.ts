import { createDrain } from '../../client/sdk.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { DRAIN_COMMANDS } from '../waiting/set-commands.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import { formatCount } from '../output/quantity.js';
import { decisionCommand } from './node-decide.js';
import type { CallOf } from '../grammar/add-command.js';
import type { setDrainCommand } from '../grammar/decision-commands.js';

/** `rollcall node deactivate`: drains one node, or all that have the labels, a few at a time. */
export async function run(call: CallOf<typeof setDrainCommand>): Promise<void> {
  const { filterLabels, maxUnavailable } = call.options;
  const [id] = call.arguments;
  if (filterLabels !== undefined && id === undefined) return drainSet(call, filterLabels);
  if (id === undefined || filterLabels !== undefined) {
    throw usage(
      id === undefined ? 'it lacks the node' : 'it names one node and labels of many',
      'Try: rollcall node deactivate node-1, or: rollcall node deactivate --filter-labels pool=a',
    );
  }
  if (maxUnavailable !== undefined)
    throw usage('--max-unavailable is for several nodes', 'Name them by --filter-labels');
  return decisionCommand('deactivate').run({ ...call, arguments: [id] });
}

async function drainSet(call: CallOf<typeof setDrainCommand>, labels: string[]): Promise<void> {
  const { options, terminal, interruption } = call;
  const { reason = '', deadline, onDeadline, maxUnavailable = 1, wait, monitor, timeout } = options;
  const connection = await call.connect();
  const body = {
    labels,
    reason,
    maxUnavailable,
    ...(deadline === undefined ? {} : { deadline }),
    ...(onDeadline === undefined ? {} : { onDeadline }),
  };
  const set = await connection.ask(createDrain({ client: connection.client, body }));
  const { id, nodes, maxUnavailable: atOnce } = set;
  terminal.stdout.write(`${id}\n`);
  terminal.stderr.write(
    `Drain ${id} of ${formatCount(nodes?.length ?? 0, 'node')} has begun, at most ${atOnce} at once; see: rollcall drain describe ${id}\n`,
  );
  if (wait)
    await waitForDrainSet(connection, DRAIN_COMMANDS, id, { terminal, interruption, monitor, timeoutMs: timeout });
}

function usage(detail: string, hint: string): CliFailure {
  return new CliFailure(EXIT_CODE.usage, 'USAGE', detail, hint);
}
