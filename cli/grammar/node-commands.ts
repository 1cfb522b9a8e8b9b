import { Argument, Option, type Command } from 'commander';
import { PHASES } from '../../contract/phase.js';
import { APPROVALS, LIVENESSES, NODE_TYPES } from '../../contract/states.js';
import type { Lazily } from './lazily.js';
import {
  deadlineOption,
  documentOutput,
  idArgument,
  itemsOutput,
  monitorOption,
  noHeaders,
  onDeadlineOption,
  reasonOption,
  timeoutOption,
  tokenLifetime,
  waitOption,
} from './options.js';
import { labelFilters, labelPair, limit, nodeId, oneOrMoreOf, unavailableCount } from './parsers.js';

/** `rollcall node …`: the words of each command, and the file that carries it out. */
export function addNodeCommands(program: Command, lazily: Lazily): void {
  const node = program.command('node').description('See nodes and decide about them').helpCommand(false);

  node.commandsGroup('See:');
  node
    .command('list')
    .description('List nodes')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .option('-w, --watch', 'go on showing changes until Ctrl-C')
    .option('-l, --filter-labels <labels>', 'only nodes that have all of these: pool=a,zone=b', labelFilters)
    .option('--approval <value>', `only these, repeatable: ${APPROVALS.join(', ')}`, oneOrMoreOf(APPROVALS))
    .option('--liveness <value>', `only these, repeatable: ${LIVENESSES.join(', ')}`, oneOrMoreOf(LIVENESSES))
    .option('--phase <value>', `only these, repeatable: ${PHASES.join(', ')}`, oneOrMoreOf(PHASES))
    .option('--type <value>', `only these, repeatable: ${NODE_TYPES.join(', ')}`, oneOrMoreOf(NODE_TYPES))
    .action(lazily(() => import('../commands/node-list.js')));
  node
    .command('describe')
    .description('Show everything about one node')
    .addArgument(idArgument())
    .addOption(documentOutput())
    .action(lazily(() => import('../commands/node-describe.js')));
  node
    .command('events')
    .description('Show what happened to a node, who did it and why')
    .addArgument(idArgument())
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .action(lazily(() => import('../commands/node-events.js')));
  node
    .command('sessions')
    .description('Show the sessions that a node has')
    .addArgument(idArgument())
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .action(lazily(() => import('../commands/node-sessions.js')));

  node.commandsGroup('Decide:');
  node
    .command('approve')
    .description('Let a node into the cluster')
    .addArgument(idArgument())
    .addOption(reasonOption())
    .addOption(waitOption('the decision is applied'))
    .addOption(timeoutOption())
    .action(lazily(async () => (await import('../commands/node-decide.js')).decide('approve')));
  node
    .command('reject')
    .description('Keep a node out of the cluster; its sessions are terminated')
    .addArgument(idArgument())
    .option('-m, --message <text>', 'why: the node is told, and whoever describes it')
    .addOption(waitOption('the decision is applied'))
    .addOption(timeoutOption())
    .action(lazily(async () => (await import('../commands/node-decide.js')).decide('reject')));
  node
    .command('activate')
    .description('Bring a drained node back, cancel a drain, or approve a pending node')
    .addArgument(idArgument())
    .addOption(reasonOption())
    .addOption(waitOption('the decision is applied'))
    .addOption(timeoutOption())
    .action(lazily(async () => (await import('../commands/node-decide.js')).decide('activate')));
  node
    .command('deactivate')
    .description('Drain a node, or several one after the other: no new sessions, running ones finish')
    .addArgument(new Argument('[id]', 'id of the node').argParser(nodeId))
    .option(
      '-l, --filter-labels <labels>',
      'instead of one node, all that have all of these: pool=a,zone=b',
      labelFilters,
    )
    .addOption(
      new Option('--max-unavailable <count>', 'how many of them may be unavailable at once (default: 1)').argParser(
        unavailableCount,
      ),
    )
    .addOption(reasonOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(waitOption('all are drained'))
    .addOption(monitorOption('the same, showing what blocks, live; Ctrl-C leaves the drain running'))
    .addOption(timeoutOption())
    .action(lazily(() => import('../commands/node-deactivate.js')));

  node.commandsGroup('Come and go:');
  node
    .command('register')
    .description('Make a place for a new node and print its bootstrap token, once')
    .addArgument(new Argument('<name>', 'id of the new node').argParser(nodeId))
    .option('--label <key=value>', 'label of the node, repeatable', labelPair)
    .option('--description <text>', 'what the node is for')
    .addOption(tokenLifetime())
    .addOption(documentOutput())
    .action(lazily(() => import('../commands/node-register.js')));
  node
    .command('token')
    .helpCommand(false)
    .description('Renew the token that a node joins with')
    .command('regenerate')
    .description('Print a new bootstrap token; the earlier one and the credential of the node stop working')
    .addArgument(idArgument())
    .addOption(tokenLifetime())
    .addOption(documentOutput())
    .action(lazily(() => import('../commands/token-regenerate.js')));
  node
    .command('decommission')
    .description('Drain a node, then remove it')
    .addArgument(idArgument())
    .addOption(reasonOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(waitOption('the node is removed'))
    .addOption(monitorOption('the same, showing what blocks, live; Ctrl-C leaves the drain running'))
    .addOption(timeoutOption())
    .action(lazily(async () => (await import('../commands/node-decide.js')).decide('decommission')));
  node
    .command('delete')
    .description('Remove a node for good; its credentials stop working at once')
    .addArgument(idArgument())
    .addOption(reasonOption())
    .option('--force', 'even if sessions still run: they are terminated')
    .addOption(waitOption('the node is removed'))
    .addOption(timeoutOption())
    .action(lazily(async () => (await import('../commands/node-decide.js')).decide('delete')));
}
