import { Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { limit } from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { addWindowCommands } from './window-commands.js';
import { filterOption, itemsOutput, noHeaders } from './options.js';

/** `rollcall maintenance …`: all planned maintenance, and its windows. */
export function addMaintenanceCommands(program: Command, lazily: Lazily): void {
  const maintenance = program
    .command('maintenance')
    .helpCommand(false)
    .description('What nodes are taken out for, ahead of time');
  addCommand(maintenance, maintenanceListCommand(), lazily, () => import('../commands/maintenance-list.js'));
  addWindowCommands(maintenance, lazily);
}

export function maintenanceListCommand() {
  return command('list')
    .description('List planned maintenance, what ends by itself, and when maintenance windows open')
    .option('--planned', 'only what is still to begin')
    .addOption(new Option('--limit <count>', 'how many at most').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}
