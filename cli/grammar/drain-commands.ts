import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, itemsOutput, monitorOption, noHeaders } from './options.js';
import { drainId, limit } from './parsers.js';

const drainArgument = () => new Argument('<id>', 'id of the drain').argParser(drainId);

/** `rollcall drain …`: drains of sets of nodes, which `rollcall node deactivate --filter-labels` begins. */
export function addDrainCommands(program: Command, lazily: Lazily): void {
  const drain = program.command('drain').description('Drains of sets of nodes').helpCommand(false);
  drain.addHelpText('after', '\nTo begin one:\n  rollcall node deactivate --filter-labels pool=a --max-unavailable 1');
  addCommand(drain, drainListCommand(), lazily, () => import('../commands/drain-list.js'));
  addCommand(drain, drainDescribeCommand(), lazily, () => import('../commands/drain-describe.js'));
  addCommand(drain, drainPauseCommand(), lazily, async () => (await import('../commands/drain-rule.js')).rule('pause'));
  addCommand(drain, drainResumeCommand(), lazily, async () =>
    (await import('../commands/drain-rule.js')).rule('resume'),
  );
  addCommand(drain, drainCancelCommand(), lazily, async () =>
    (await import('../commands/drain-rule.js')).rule('cancel'),
  );
}

export function drainListCommand() {
  return command('list')
    .description('List drains of sets, the latest first')
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders());
}

export function drainDescribeCommand() {
  return command('describe')
    .description('Show how far a drain has come, node by node')
    .addArgument(drainArgument())
    .addOption(monitorOption('first show what blocks, live, until it is over; Ctrl-C leaves the drain running'))
    .addOption(documentOutput());
}

export function drainPauseCommand() {
  return command('pause').description('Begin no further node; those that drain go on').addArgument(drainArgument());
}

export function drainResumeCommand() {
  return command('resume').description('Go on with a drain that was paused').addArgument(drainArgument());
}

export function drainCancelCommand() {
  return command('cancel')
    .description('Begin no further node, and activate again those that still drain; drained ones stay so')
    .addArgument(drainArgument());
}
