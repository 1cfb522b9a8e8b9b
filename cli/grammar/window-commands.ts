import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { durationText, labelFilters, resourceName, resourceNames } from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, dryRunOption, filterOption, itemsOutput, noHeaders, yesOption } from './options.js';

/** `rollcall maintenance window …`: when drain sets and agent updates may take nodes out. */
export function addWindowCommands(maintenance: Command, lazily: Lazily): void {
  const window = maintenance
    .command('window')
    .helpCommand(false)
    .description('Times at which drain sets and updates of agents may take nodes out');
  window.addHelpText(
    'after',
    '\nTo have a drain run within one:\n  rollcall node deactivate --filter-labels pool=a --window saturday-night',
  );
  addCommand(window, windowCreateCommand(), lazily, () => import('../commands/window-create.js'));
  addCommand(window, windowListCommand(), lazily, () => import('../commands/window-list.js'));
  addCommand(window, windowDescribeCommand(), lazily, () => import('../commands/window-describe.js'));
  addCommand(window, windowEditCommand(), lazily, () => import('../commands/window-edit.js'));
  addCommand(window, windowDeleteCommand(), lazily, () => import('../commands/window-delete.js'));
}

const windowArgument = () => new Argument('<name>', 'name of the window').argParser(resourceName);
const CRON = 'minute, hour, day of the month, month, day of the week: "0 2 * * SAT"';
const ZONE = 'whose clocks these are read from: Europe/Berlin';
const FOR = 'how long it is open, 1m to 7d';
const repeated = (text: string, earlier: string[] = []) => [...earlier, ...text.split(',')];
const blackoutOption = () =>
  new Option('--blackout <dates>', 'days on which it does not open: 2026-12-24,2026-12-31').argParser(repeated);
const descriptionOption = () => new Option('--description <text>', 'what it is for');

export function windowCreateCommand() {
  return command('create')
    .description('Make a maintenance window')
    .addArgument(windowArgument())
    .addOption(new Option('--cron <expression>', `when it opens: ${CRON}`).makeOptionMandatory())
    .addOption(new Option('--zone <name>', ZONE).makeOptionMandatory())
    .addOption(new Option('--for <duration>', FOR).argParser(durationText).makeOptionMandatory())
    .option(
      '-l, --filter-labels <labels>',
      'it is for nodes that have all of these: pool=a,zone=b (default: for all)',
      labelFilters,
    )
    .addOption(blackoutOption())
    .addOption(descriptionOption())
    .addOption(documentOutput())
    .addOption(dryRunOption());
}

export function windowListCommand() {
  return command('list')
    .description('List maintenance windows, and when each opens')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function windowDescribeCommand() {
  return command('describe')
    .description('Show a maintenance window, when it opens, and what runs within it')
    .addArgument(windowArgument())
    .addOption(documentOutput());
}

export function windowEditCommand() {
  return command('edit')
    .description('Change a maintenance window; what is left out stays as it is')
    .addArgument(windowArgument())
    .option('--cron <expression>', `when it opens: ${CRON}`)
    .option('--zone <name>', ZONE)
    .addOption(new Option('--for <duration>', FOR).argParser(durationText))
    .option('-l, --filter-labels <labels>', 'it is for nodes that have all of these', labelFilters)
    .option('--all-nodes', 'it is for all nodes')
    .addOption(blackoutOption())
    .option('--no-blackouts', 'there is no day on which it does not open')
    .addOption(descriptionOption())
    .addOption(dryRunOption());
}

export function windowDeleteCommand() {
  return command('delete')
    .description('Delete maintenance windows that nothing runs within')
    .addArgument(
      new Argument('<name...>', 'names of the windows; - reads them from standard input').argParser(resourceNames),
    )
    .addOption(yesOption())
    .addOption(dryRunOption());
}
