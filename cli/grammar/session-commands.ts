import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { SESSION_KINDS, SESSION_STATES } from '../../contract/sessions.js';
import { addCommand, command, type Lazily } from './add-command.js';
import {
  documentOutput,
  dryRunOption,
  itemsOutput,
  filterOption,
  noHeaders,
  reasonOption,
  yesOption,
} from './options.js';
import {
  byteSize,
  cores,
  durationMs,
  gpuCount,
  labelPairs,
  limit,
  nodeId,
  oneOrMoreOf,
  sessionIdText,
  sessionIds,
} from '../arguments/parsers.js';

/** `rollcall session …`: queries that run on nodes. */
export function addSessionCommands(program: Command, lazily: Lazily): void {
  const session = program.command('session').description('Run queries on nodes, see and end them').helpCommand(false);
  addCommand(session, sessionOpenCommand(), lazily, () => import('../commands/session-open.js'));
  addCommand(session, sessionListCommand(), lazily, () => import('../commands/session-list.js'));
  addCommand(session, sessionDescribeCommand(), lazily, () => import('../commands/session-describe.js'));
  addCommand(session, sessionTerminateCommand(), lazily, () => import('../commands/session-terminate.js'));
}

export function sessionOpenCommand() {
  return command('open')
    .description('Run a query on a healthy node that has room, and print the beginning of its result')
    .argument('<sql>', 'the query; - reads it from standard input')
    .addOption(new Option('-p, --principal <name>', 'for whom it runs').makeOptionMandatory())
    .addOption(new Option('--cpu <cores>', 'cores to reserve, in parts of one too (default: 0.25)').argParser(cores))
    .addOption(new Option('--memory <size>', 'memory to reserve: 512MiB, 2GiB (default: 256MiB)').argParser(byteSize))
    .addOption(
      new Option('--disk <size>', 'disk to reserve, for the result and what spills (default: 256MiB)').argParser(
        byteSize,
      ),
    )
    .addOption(new Option('--gpu <count>', 'GPUs to reserve (default: 0)').argParser(gpuCount))
    .option('-l, --labels <labels>', 'only on nodes that have all of these: pool=a,zone=b', labelPairs)
    .addOption(
      new Option(
        '--strategy <strategy>',
        'spread: the node with the most room; pack: the one with the least that is enough',
      ).choices(['spread', 'pack']),
    )
    .option('--no-wait', 'print its id as soon as it has a node, without waiting for its end')
    .addOption(
      new Option(
        '--timeout <duration>',
        'how long to wait: 30s, 15m, 1h30m; exits with 3 when it is over, the query goes on (default: for ever)',
      ).argParser(durationMs),
    )
    .addOption(dryRunOption())
    .addOption(itemsOutput())
    .addOption(noHeaders());
}

export function sessionListCommand() {
  return command('list')
    .description('List sessions, the latest first')
    .addOption(new Option('--node <id>', 'only on this node').argParser(nodeId))
    .option('-p, --principal <name>', 'only of this principal')
    .option('--state <value>', `only these, repeatable: ${SESSION_STATES.join(', ')}`, oneOrMoreOf(SESSION_STATES))
    .option('--live', 'only those that have not ended')
    .addOption(
      new Option(
        '--kind <kind>',
        'managed: only those that Rollcall placed; external: only those that other engines of nodes show',
      ).choices(SESSION_KINDS),
    )
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .option('--all', 'all that are kept, however many')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function sessionDescribeCommand() {
  return command('describe')
    .description('Show everything about one session, the beginning of its result too')
    .addArgument(new Argument('<id>', 'id of the session').argParser(sessionIdText))
    .addOption(documentOutput());
}

export function sessionTerminateCommand() {
  return command('terminate')
    .description('End sessions')
    .addArgument(new Argument('<id...>', 'ids of the sessions; - reads them from standard input').argParser(sessionIds))
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .addOption(yesOption())
    .addOption(
      new Option('--node <id>', 'the node that they are on, where another has sessions of the same ids').argParser(
        nodeId,
      ),
    );
}
