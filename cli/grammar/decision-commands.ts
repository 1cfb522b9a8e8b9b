import { Argument, Option, type Command } from 'commander';
import { ADMIN_ACTIONS, nodeAction, type DecisionBody, type DecisionGoal } from '../../contract/node-actions.js';
import type { Lazily } from './lazily.js';
import {
  deadlineOption,
  idArgument,
  monitorOption,
  onDeadlineOption,
  reasonOption,
  timeoutOption,
  waitOption,
} from './options.js';
import { labelFilters, nodeId, unavailableCount } from './parsers.js';

/** What is said with a decision. */
const OPTIONS: Record<DecisionBody, () => readonly Option[]> = {
  reason: () => [reasonOption()],
  message: () => [new Option('-m, --message <text>', 'why: the node is told, and whoever describes it')],
  drain: () => [reasonOption(), deadlineOption(), onDeadlineOption()],
  force: () => [reasonOption(), new Option('--force', 'even if sessions still run: they are terminated')],
};

/** `wait until …` */
const UNTIL: Record<DecisionGoal, string> = {
  applied: 'the decision is applied',
  drained: 'all are drained',
  removed: 'the node is removed',
};

/** A command for each decision of this group: `rollcall node approve ID`. */
export function addDecisionCommands(node: Command, group: string, lazily: Lazily): void {
  for (const action of ADMIN_ACTIONS) {
    const { cli, body, waitsFor } = nodeAction(action);
    if (cli.group !== group) continue;
    const options = [
      ...(cli.takesSets ? setOptions() : []),
      ...OPTIONS[body](),
      waitOption(UNTIL[waitsFor]),
      ...(body === 'drain'
        ? [monitorOption('the same, showing what blocks, live; Ctrl-C leaves the drain running')]
        : []),
      timeoutOption(),
    ];
    const command = node
      .command(cli.verb)
      .description(cli.says)
      .addArgument(cli.takesSets ? new Argument('[id]', 'id of the node').argParser(nodeId) : idArgument());
    for (const option of options) command.addOption(option);
    command.action(
      lazily(async () =>
        cli.takesSets
          ? import('../commands/node-deactivate.js')
          : (await import('../commands/node-decide.js')).decide(action),
      ),
    );
  }
}

function setOptions(): readonly Option[] {
  return [
    new Option(
      '-l, --filter-labels <labels>',
      'instead of one node, all that have all of these: pool=a,zone=b',
    ).argParser(labelFilters),
    new Option('--max-unavailable <count>', 'how many of them may be unavailable at once (default: 1)').argParser(
      unavailableCount,
    ),
  ];
}
