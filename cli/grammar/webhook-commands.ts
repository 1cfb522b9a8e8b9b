import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { ALERT_KINDS } from '../../contract/alerts.js';
import { SEVERITIES } from '../../contract/severity.js';
import { DELIVERY_STATES, WEBHOOK_FORMS } from '../../contract/webhooks.js';
import { deliveryIdText, drainId, labelFilters, limit, oneOrMoreOf } from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, dryRunOption, filterOption, itemsOutput, noHeaders, yesOption } from './options.js';

/** `rollcall webhook …`: who outside is told of alerts, and what they were told. */
export function addWebhookCommands(program: Command, lazily: Lazily): void {
  const webhook = program.command('webhook').helpCommand(false).description('Who outside is told of alerts');
  addCommand(webhook, webhookCreateCommand(), lazily, () => import('../commands/webhook-create.js'));
  addCommand(webhook, webhookListCommand(), lazily, () => import('../commands/webhook-list.js'));
  addCommand(webhook, webhookTestCommand(), lazily, () => import('../commands/webhook-test.js'));
  addCommand(webhook, webhookDeliveriesCommand(), lazily, () => import('../commands/webhook-deliveries.js'));
  addCommand(webhook, webhookReplayCommand(), lazily, () => import('../commands/webhook-replay.js'));
  addCommand(webhook, webhookDeleteCommand(), lazily, () => import('../commands/webhook-delete.js'));
}

const webhookArgument = () => new Argument('<id>', 'id of the webhook').argParser(drainId);

export function webhookCreateCommand() {
  return command('create')
    .description('Make a webhook; its signing secret is printed once')
    .argument('<name>', 'what people call it')
    .argument('<url>', 'where it is told; - reads it from standard input, since it may be a secret')
    .addOption(new Option('--form <form>', 'what bodies look like').choices(WEBHOOK_FORMS).default('cloudevents'))
    .addOption(
      new Option(
        '--secret-stdin',
        'read the secret from standard input: the routing key of PagerDuty, or whsec_ and base64',
      ),
    )
    .option('--alert <kind>', `only these, repeatable: ${ALERT_KINDS.join(', ')}`, oneOrMoreOf(ALERT_KINDS))
    .option('-l, --filter-labels <labels>', 'only of nodes that have all of these: pool=a,zone=b', labelFilters)
    .addOption(new Option('--severity <least>', 'only what is at least this severe').choices(SEVERITIES))
    .addOption(documentOutput())
    .addOption(dryRunOption());
}

export function webhookListCommand() {
  return command('list')
    .description('List webhooks')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function webhookTestCommand() {
  return command('test')
    .description('Tell a webhook something to see whether it hears; `deliveries` says what became of it')
    .addArgument(webhookArgument())
    .addOption(dryRunOption());
}

export function webhookDeliveriesCommand() {
  return command('deliveries')
    .description('Show what a webhook was told, is to be told, and did not take; the oldest first')
    .addArgument(webhookArgument())
    .addOption(new Option('--state <state>', 'only these').choices(DELIVERY_STATES))
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function webhookReplayCommand() {
  return command('replay')
    .description('Try a delivery again that is over')
    .addArgument(webhookArgument())
    .addArgument(new Argument('<delivery>', 'id of the delivery').argParser(deliveryIdText))
    .addOption(dryRunOption());
}

export function webhookDeleteCommand() {
  return command('delete')
    .description('Delete a webhook, with what it was told and what waits for it')
    .addArgument(webhookArgument())
    .addOption(yesOption())
    .addOption(dryRunOption());
}
