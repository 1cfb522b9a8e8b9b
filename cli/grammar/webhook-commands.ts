import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { ALERT_KINDS } from '../../contract/alerts.js';
import { SEVERITIES } from '../../contract/severity.js';
import { DELIVERY_STATES, WEBHOOK_FORMS } from '../../contract/webhooks.js';
import {
  deliveryIdText,
  drainId,
  drainIds,
  durationText,
  labelFilters,
  limit,
  oneOrMoreOf,
} from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, dryRunOption, filterOption, itemsOutput, noHeaders, yesOption } from './options.js';

/** `rollcall webhook …`: webhooks and their deliveries. */
export function addWebhookCommands(program: Command, lazily: Lazily): void {
  const webhook = program.command('webhook').helpCommand(false).description('Receivers of alerts outside the cluster');
  addCommand(webhook, webhookCreateCommand(), lazily, () => import('../commands/webhook-create.js'));
  addCommand(webhook, webhookListCommand(), lazily, () => import('../commands/webhook-list.js'));
  addCommand(webhook, webhookEditCommand(), lazily, () => import('../commands/webhook-edit.js'));
  addCommand(webhook, webhookRotateCommand(), lazily, () => import('../commands/webhook-rotate.js'));
  addCommand(webhook, webhookTestCommand(), lazily, () => import('../commands/webhook-test.js'));
  addCommand(webhook, webhookDeliveriesCommand(), lazily, () => import('../commands/webhook-deliveries.js'));
  addCommand(webhook, webhookReplayCommand(), lazily, () => import('../commands/webhook-replay.js'));
  addCommand(webhook, webhookDeleteCommand(), lazily, () => import('../commands/webhook-delete.js'));
}

const alertOption = () =>
  new Option('--alert <kind>', `only these, repeatable: ${ALERT_KINDS.join(', ')}`).argParser(oneOrMoreOf(ALERT_KINDS));
const labelsOption = () =>
  new Option('-l, --filter-labels <labels>', 'only of nodes that have all of these: pool=a,zone=b').argParser(
    labelFilters,
  );
const severityOption = () => new Option('--severity <least>', 'only what is at least this severe').choices(SEVERITIES);
const webhookArgument = () => new Argument('<id>', 'id of the webhook').argParser(drainId);

export function webhookCreateCommand() {
  return command('create')
    .description('Create a webhook and print its signing secret, once')
    .argument('<name>', 'its name')
    .argument('<url>', 'its address; - reads it from standard input, since it may be a secret')
    .addOption(new Option('--form <form>', 'what bodies look like').choices(WEBHOOK_FORMS).default('cloudevents'))
    .addOption(
      new Option(
        '--secret-stdin',
        'read the secret from standard input: the routing key of PagerDuty, or whsec_ and base64',
      ),
    )
    .addOption(alertOption())
    .addOption(labelsOption())
    .addOption(severityOption())
    .addOption(documentOutput())
    .addOption(dryRunOption());
}

export function webhookEditCommand() {
  return command('edit')
    .description('Change a webhook; options that are left out stay, and pending deliveries go to the new address')
    .addArgument(webhookArgument())
    .option('--name <name>', 'its name')
    .option('--url <url>', 'its address; - reads it from standard input')
    .addOption(
      new Option(
        '--secret-stdin',
        'read the routing key of PagerDuty from standard input: a new address needs it again',
      ),
    )
    .addOption(alertOption().conflicts('allAlerts'))
    .option('--all-alerts', 'send it all alerts')
    .addOption(labelsOption().conflicts('anyLabels'))
    .option('--any-labels', 'send it alerts about nodes with any labels, and alerts about no node')
    .addOption(severityOption())
    .addOption(dryRunOption());
}

export function webhookRotateCommand() {
  return command('rotate')
    .description(
      'Print another signing secret of a webhook, once; bodies are signed with the former one, too, for a while',
    )
    .addArgument(webhookArgument())
    .addOption(
      new Option('--overlap <duration>', 'how long the former secret signs, too, 0s to 30d')
        .argParser(durationText)
        .default('24h'),
    )
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
    .description('Send a test alert to a webhook; `deliveries` shows the outcome')
    .addArgument(webhookArgument())
    .addOption(dryRunOption());
}

export function webhookDeliveriesCommand() {
  return command('deliveries')
    .description('Show the deliveries of a webhook: made, pending and failed, oldest first')
    .addArgument(webhookArgument())
    .addOption(new Option('--state <state>', 'only these').choices(DELIVERY_STATES))
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function webhookReplayCommand() {
  return command('replay')
    .description('Try a finished delivery again')
    .addArgument(webhookArgument())
    .addArgument(new Argument('<delivery>', 'id of the delivery').argParser(deliveryIdText))
    .addOption(dryRunOption());
}

export function webhookDeleteCommand() {
  return command('delete')
    .description('Delete webhooks with all of their deliveries')
    .addArgument(new Argument('<id...>', 'ids of the webhooks; - reads them from standard input').argParser(drainIds))
    .addOption(yesOption())
    .addOption(dryRunOption());
}
