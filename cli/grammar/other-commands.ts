import { Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { NODE_EVENTS } from '../../contract/lifecycle.js';
import { SEVERITIES } from '../../contract/severity.js';
import {
  documentOutput,
  dryRunOption,
  filterOption,
  itemsOutput,
  noHeaders,
  reasonOption,
  yesOption,
} from './options.js';
import { labelFilters, nodeNames, oneOrMoreOf, workerAddress } from '../arguments/parsers.js';

/** Commands that belong to no group. */
export function addOtherCommands(program: Command, lazily: Lazily): void {
  addCommand(program, clusterCommand(), lazily, () => import('../commands/cluster.js'));
  addCommand(program, eventsCommand(), lazily, () => import('../commands/events.js'));
  const massSilence = program
    .command('mass-silence')
    .helpCommand(false)
    .description('Many nodes silent at once: nothing irreversible is done about them');
  massSilence.addHelpText('after', '\nTo see whether there is one:\n  rollcall cluster');
  addCommand(massSilence, massSilenceReleaseCommand(), lazily, () => import('../commands/mass-silence-release.js'));
  addCommand(program, supportBundleCommand(), lazily, () => import('../commands/support-bundle.js'));
  addCommand(program, versionCommand(), lazily, () => import('../commands/version.js'));
  addCommand(program, manCommand(), lazily, () => import('../commands/man.js'));
}

export function clusterCommand() {
  return command('cluster')
    .description('Show the number of nodes, their states and their resources')
    .addOption(documentOutput());
}

export function eventsCommand() {
  return command('events')
    .description(
      'Print what happens to nodes as it happens, until Ctrl-C; what is missed while the api is away follows',
    )
    .option('-f, --follow', 'as it happens, which is the default')
    .option('--node <id>', 'only of this node, repeatable', nodeNames)
    .option('-l, --filter-labels <labels>', 'only of nodes that have all of these: pool=a,zone=b', labelFilters)
    .option('--type <event>', `only these, repeatable: ${NODE_EVENTS.join(', ')}`, oneOrMoreOf(NODE_EVENTS))
    .addOption(new Option('--severity <least>', 'only what is at least this severe').choices(SEVERITIES))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function massSilenceReleaseCommand() {
  return command('release')
    .description(
      'Say that its nodes are lost indeed: sessions of those that are UNKNOWN are given up, and RemoveAfter removes nodes',
    )
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .addOption(yesOption());
}

export function supportBundleCommand() {
  return command('support-bundle')
    .description(
      'Write what helps to find a fault into one archive: versions, configuration, log, metrics, stuck nodes, workers; no secrets',
    )
    .option('--out <file>', 'where to (default: rollcall-support-<time>.tar.gz here)')
    .addOption(
      new Option(
        '--worker <address>',
        'add readiness and metrics of a worker, by its Orchestrator.Worker.MetricsAddress; may be given again',
      ).argParser(workerAddress),
    );
}

export function versionCommand() {
  return command('version').description('Print the version');
}

export function manCommand() {
  return command('man')
    .description('Print the manual page of all commands')
    .addHelpText('after', '\nTo read it:\n  rollcall man | man -l -');
}
