import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { HISTORY_WINDOWS } from '../../contract/history.js';
import { NODE_SORTS } from '../../contract/node-order.js';
import { PHASES } from '../../contract/phase.js';
import { APPROVALS, LIVENESSES, NODE_TYPES } from '../../contract/states.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { addDecisionCommands } from './decision-commands.js';
import { AWAITED_STATES } from '../waiting/awaited-state.js';
import {
  documentOutput,
  dryRunOption,
  idArgument,
  idsArgument,
  installForm,
  itemsOutput,
  filterOption,
  noHeaders,
  timeoutOption,
  tokenLifetime,
  yesOption,
} from './options.js';
import {
  condition,
  labelChanges,
  labelFilters,
  labelPair,
  limit,
  nodeId,
  moment,
  MOMENT,
  nodeIds,
  oneOrMoreOf,
  search,
} from '../arguments/parsers.js';

/** `rollcall node …`: the words of each command, and the module that carries it out. */
export function addNodeCommands(program: Command, lazily: Lazily): void {
  const node = program.command('node').description('See nodes and decide about them').helpCommand(false);

  node.commandsGroup('See:');
  addCommand(node, nodeListCommand(), lazily, () => import('../commands/node-list.js'));
  addCommand(node, nodeDescribeCommand(), lazily, () => import('../commands/node-describe.js'));
  addCommand(node, nodeEventsCommand(), lazily, () => import('../commands/node-events.js'));
  addCommand(node, nodeSessionsCommand(), lazily, () => import('../commands/node-sessions.js'));

  addCommand(node, nodeHealthCommand(), lazily, () => import('../commands/node-health.js'));
  addCommand(node, nodeWaitCommand(), lazily, () => import('../commands/node-wait.js'));

  node.commandsGroup('Describe:');
  addCommand(node, nodeLabelCommand(), lazily, () => import('../commands/node-label.js'));
  addCommand(node, nodeEditCommand(), lazily, () => import('../commands/node-edit.js'));

  node.commandsGroup('Decide:');
  addDecisionCommands(node, 'Decide:', lazily);

  node.commandsGroup('Come and go:');
  addCommand(node, nodeRegisterCommand(), lazily, () => import('../commands/node-register.js'));
  const token = node.command('token').helpCommand(false).description('Renew the token that a node joins with');
  addCommand(token, tokenRegenerateCommand(), lazily, () => import('../commands/token-regenerate.js'));
  addDecisionCommands(node, 'Come and go:', lazily);
}

export function nodeListCommand() {
  return command('list')
    .description('List nodes')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption())
    .option('-w, --watch', 'keep showing changes until Ctrl-C')
    .addOption(
      new Option('-R, --reasons', 'instead: who took nodes out of service, since when and why').conflicts('watch'),
    )
    .option('-l, --filter-labels <labels>', 'only nodes that have all of these: pool=a,zone=b', labelFilters)
    .option('--approval <value>', `only these, repeatable: ${APPROVALS.join(', ')}`, oneOrMoreOf(APPROVALS))
    .option('--liveness <value>', `only these, repeatable: ${LIVENESSES.join(', ')}`, oneOrMoreOf(LIVENESSES))
    .option('--phase <value>', `only these, repeatable: ${PHASES.join(', ')}`, oneOrMoreOf(PHASES))
    .option('--type <value>', `only these, repeatable: ${NODE_TYPES.join(', ')}`, oneOrMoreOf(NODE_TYPES))
    .option('--stopped', 'only nodes whose agents said goodbye')
    .option('--outdated', 'only nodes whose agent is older than the api')
    .option(
      '--condition <check>',
      'only nodes that a check of this name holds for UNFIT, or NAME=STATUS, repeatable',
      condition,
    )
    .option('--search <words>', 'only nodes that have all of these in id, hostname, labels or description', search)
    .addOption(
      new Option(
        '--sort <order>',
        'order them by this, or with a hyphen the other way round: -cpu; else by id',
      ).choices(NODE_SORTS),
    );
}

export function nodeDescribeCommand() {
  return command('describe')
    .description('Show everything about one node')
    .addArgument(idArgument())
    .addOption(documentOutput());
}

export function nodeEventsCommand() {
  return command('events')
    .description('Show what happened to a node, who did it and why')
    .addArgument(idArgument())
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption())
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100));
}

export function nodeSessionsCommand() {
  return command('sessions')
    .description('Show the sessions of a node')
    .addArgument(idArgument())
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function nodeHealthCommand() {
  return command('health')
    .description('Plot the heartbeats of a node, and its use of CPU, memory and all else that is measured')
    .addArgument(idArgument())
    .addOption(
      new Option('--window <span>', 'until now (default: 1h)').choices(HISTORY_WINDOWS).conflicts(['since', 'until']),
    )
    .addOption(new Option('--since <moment>', `instead, any stretch of the last week: ${MOMENT}`).argParser(moment))
    .addOption(new Option('--until <moment>', 'its end (default: now)').argParser(moment))
    .addOption(documentOutput());
}

export function nodeWaitCommand() {
  return command('wait')
    .description('Wait until nodes are in a state')
    .addArgument(idsArgument())
    .addOption(
      new Option('--for <state>', 'the status, phase or approval that each of them has then, or REMOVED')
        .choices(AWAITED_STATES)
        .makeOptionMandatory(),
    )
    .addOption(timeoutOption());
}

export function nodeLabelCommand() {
  return command('label')
    .description('Set and remove labels of nodes; other labels stay')
    .addArgument(new Argument('<id>', 'id of the node; - reads ids from standard input').argParser(nodeIds))
    .addArgument(new Argument('<change...>', 'key=value sets a label, key- takes it away').argParser(labelChanges))
    .addOption(dryRunOption());
}

export function nodeEditCommand() {
  return command('edit')
    .description('Change what is said of a node')
    .addArgument(idArgument())
    .requiredOption('--description <text>', 'what it is for; empty takes it away')
    .addOption(dryRunOption());
}

export function nodeRegisterCommand() {
  return command('register')
    .description('Make a slot for a new node and print its bootstrap token, once')
    .addArgument(new Argument('<name>', 'id of the new node').argParser(nodeId))
    .option('--label <key=value>', 'label of the node, repeatable', labelPair)
    .option('--description <text>', 'what the node is for')
    .addOption(tokenLifetime())
    .addOption(dryRunOption())
    .addOption(installForm())
    .addOption(documentOutput());
}

export function tokenRegenerateCommand() {
  return command('regenerate')
    .description('Print a new bootstrap token; the earlier one and the credential of the node stop working')
    .addArgument(idArgument())
    .addOption(dryRunOption())
    .addOption(yesOption())
    .addOption(tokenLifetime())
    .addOption(installForm())
    .addOption(documentOutput());
}
