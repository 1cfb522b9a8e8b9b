import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import {
  ADMIN_ACTIONS,
  nodeAction,
  type AdminAction,
  type DecisionBody,
  type DecisionGoal,
} from '../../contract/node-actions.js';
import { addCommand, command, type Lazily } from './add-command.js';
import {
  atOption,
  deadlineOption,
  dryRunOption,
  IDS,
  idsArgument,
  monitorOption,
  onDeadlineOption,
  reasonOption,
  timeoutOption,
  untilOption,
  waitOption,
  yesOption,
  windowOption,
} from './options.js';
import { labelFilters, nodeIds, unavailableCount } from '../arguments/parsers.js';

/** A command for each decision of this group: `rollcall node approve ID`. */
export function addDecisionCommands(node: Command, group: string, lazily: Lazily): void {
  for (const action of ADMIN_ACTIONS) {
    const { cli, body } = nodeAction(action);
    if (cli.group === group) ADD[body](node, action, lazily);
  }
}

/** By the kind of the decision's body. */
const ADD: Record<DecisionBody, (node: Command, action: AdminAction, lazily: Lazily) => void> = {
  reason: (node, action, lazily) => addCommand(node, reasonCommand(action), lazily, deciding(action)),
  message: (node, action, lazily) => addCommand(node, messageCommand(action), lazily, deciding(action)),
  drain: (node, action, lazily) => addCommand(node, drainCommand(action), lazily, deciding(action)),
  span: (node, action, lazily) =>
    addCommand(node, spanCommand(action), lazily, () => import('../commands/node-deactivate.js')),
  force: (node, action, lazily) => addCommand(node, forceCommand(action), lazily, deciding(action)),
};

function deciding(action: AdminAction) {
  return async () => (await import('../commands/node-decide.js')).decisionCommand(action);
}

export function reasonCommand(action: AdminAction) {
  return decisionCommand(action)
    .addArgument(idsArgument())
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .addOption(untilDone(action))
    .addOption(timeoutOption());
}

export function messageCommand(action: AdminAction) {
  return decisionCommand(action)
    .addArgument(idsArgument())
    .option('-m, --message <text>', 'the reason: told to the node, and shown by `describe`')
    .addOption(dryRunOption())
    .addOption(untilDone(action))
    .addOption(yesOption())
    .addOption(timeoutOption());
}

export function drainCommand(action: AdminAction) {
  return decisionCommand(action)
    .addArgument(idsArgument())
    .addOption(reasonOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(dryRunOption())
    .addOption(untilDone(action))
    .addOption(liveOption())
    .addOption(yesOption())
    .addOption(timeoutOption());
}

/** For one node, several, or all with given labels. */
export function spanCommand(action: AdminAction) {
  return decisionCommand(action)
    .addArgument(new Argument('[id...]', IDS).argParser(nodeIds))
    .option(
      '-l, --filter-labels <labels>',
      'instead of ids, all nodes that have all of these: pool=a,zone=b',
      labelFilters,
    )
    .addOption(
      new Option(
        '--max-unavailable <count>',
        'how many of them may be unavailable at once, or their share: 25% (default: 1)',
      ).argParser(unavailableCount),
    )
    .addOption(reasonOption())
    .addOption(atOption())
    .addOption(untilOption())
    .addOption(windowOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(dryRunOption())
    .addOption(untilDone(action))
    .addOption(liveOption())
    .addOption(timeoutOption());
}

export function forceCommand(action: AdminAction) {
  return decisionCommand(action)
    .addArgument(idsArgument())
    .addOption(reasonOption())
    .option('--force', 'even if sessions are running, which are then terminated')
    .addOption(dryRunOption())
    .addOption(untilDone(action))
    .addOption(yesOption())
    .addOption(timeoutOption());
}

function decisionCommand(action: AdminAction) {
  const { verb, says } = nodeAction(action).cli;
  return command(verb).description(says);
}

/** `wait until …` */
const UNTIL: Record<DecisionGoal, string> = {
  applied: 'the decision is applied',
  drained: 'all are drained',
  removed: 'the node is removed',
};

const untilDone = (action: AdminAction) => waitOption(UNTIL[nodeAction(action).waitsFor]);
const liveOption = () => monitorOption('the same, showing what blocks, live; Ctrl-C leaves the drain running');
