import { Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { ALERT_KINDS } from '../../contract/alerts.js';
import { limit, oneOrMoreOf } from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { filterOption, itemsOutput, noHeaders } from './options.js';

/** `rollcall alert …`: alerts, which webhooks receive. */
export function addAlertCommands(program: Command, lazily: Lazily): void {
  const alert = program.command('alert').helpCommand(false).description('Alerts, one per outage');
  addCommand(alert, alertListCommand(), lazily, () => import('../commands/alert-list.js'));
}

export function alertListCommand() {
  return command('list')
    .description('List alerts that are raised, the latest first')
    .option('-a, --all', 'also those that were cleared within 90 days')
    .option('--kind <kind>', `only these, repeatable: ${ALERT_KINDS.join(', ')}`, oneOrMoreOf(ALERT_KINDS))
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}
