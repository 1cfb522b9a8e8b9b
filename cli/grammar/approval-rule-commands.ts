import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { RULE_BOUNDS, RULE_DECISIONS } from '../../contract/approval-rule.js';
import {
  byteSize,
  durationText,
  labelFilters,
  namePattern,
  networkTexts,
  nodeNames,
  resourceName,
  resourceNames,
  tokenIdTexts,
  numberWithin,
} from '../arguments/parsers.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, dryRunOption, filterOption, itemsOutput, noHeaders, yesOption } from './options.js';

/** `rollcall approval-rule …`: what happens to nodes when they join. */
export function addApprovalRuleCommands(program: Command, lazily: Lazily): void {
  const rule = program
    .command('approval-rule')
    .helpCommand(false)
    .description('Rules that approve or reject nodes when they join with a join token');
  rule.addHelpText(
    'after',
    '\nTo approve machines of one network by themselves:\n  rollcall approval-rule create lab --decision approve --network 10.0.0.0/8',
  );
  addCommand(rule, ruleCreateCommand(), lazily, () => import('../commands/approval-rule-create.js'));
  addCommand(rule, ruleListCommand(), lazily, () => import('../commands/approval-rule-list.js'));
  addCommand(rule, ruleEditCommand(), lazily, () => import('../commands/approval-rule-edit.js'));
  addCommand(rule, ruleTestCommand(), lazily, () => import('../commands/approval-rule-test.js'));
  addCommand(rule, ruleDeleteCommand(), lazily, () => import('../commands/approval-rule-delete.js'));
}

const ruleArgument = () => new Argument('<name>', 'name of the rule').argParser(resourceName);
const DECIDES = 'what happens to nodes that match';
const ORDER = 'rules are tried by ascending order, then by name; the first that matches decides, 0 to 1000';
const tokensOption = () =>
  new Option('--join-token <id>', 'only nodes that join with this token, repeatable').argParser(tokenIdTexts);
const patternOption = () =>
  new Option('--name-pattern <pattern>', 'only nodes of such names, as in gpu-*').argParser(namePattern);
const labelsOption = () =>
  new Option('-l, --filter-labels <labels>', 'only nodes that have all of these: pool=a,zone=b').argParser(
    labelFilters,
  );
const networksOption = () =>
  new Option('--network <networks>', 'only nodes that join from there: 10.0.0.0/8,fd00::/8').argParser(networkTexts);
const coresOption = () =>
  new Option('--min-cores <count>', 'only nodes with so many logical cores').argParser(
    numberWithin(1, RULE_BOUNDS.cores),
  );
const memoryOption = () =>
  new Option('--min-memory <size>', 'only nodes with so much memory: 64GiB').argParser(byteSize);
const gpusOption = () =>
  new Option('--min-gpus <count>', 'only nodes with so many GPUs').argParser(numberWithin(1, RULE_BOUNDS.gpus));
const reasonOption = () => new Option('-m, --reason <text>', 'for people; a rejected node is told too');

export function ruleCreateCommand() {
  return command('create')
    .description('Create an approval rule')
    .addArgument(ruleArgument())
    .addOption(new Option('--decision <decision>', DECIDES).choices(RULE_DECISIONS).makeOptionMandatory())
    .addOption(tokensOption())
    .addOption(patternOption())
    .addOption(labelsOption())
    .addOption(networksOption())
    .addOption(coresOption())
    .addOption(memoryOption())
    .addOption(gpusOption())
    .addOption(new Option('--order <number>', ORDER).argParser(numberWithin(0, RULE_BOUNDS.order)).default(100))
    .addOption(new Option('--expires-in <duration>', 'it is ignored after that').argParser(durationText))
    .addOption(reasonOption())
    .addOption(documentOutput())
    .addOption(dryRunOption());
}

export function ruleListCommand() {
  return command('list')
    .description('List approval rules, in the order in which they are tried')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function ruleEditCommand() {
  return command('edit')
    .description('Change an approval rule; what is left out stays as it is')
    .addArgument(ruleArgument())
    .addOption(new Option('--decision <decision>', DECIDES).choices(RULE_DECISIONS))
    .addOption(tokensOption())
    .option('--any-join-token', 'nodes may join with any token')
    .addOption(patternOption())
    .option('--any-name', 'nodes may have any name')
    .addOption(labelsOption())
    .option('--any-labels', 'nodes may have any labels')
    .addOption(networksOption())
    .option('--any-network', 'nodes may join from anywhere')
    .addOption(coresOption())
    .addOption(memoryOption())
    .addOption(gpusOption())
    .option('--any-hardware', 'nodes may have any hardware')
    .addOption(new Option('--order <number>', ORDER).argParser(numberWithin(0, RULE_BOUNDS.order)))
    .addOption(new Option('--expires-in <duration>', 'it is ignored after that').argParser(durationText))
    .option('--no-expiry', 'it does not expire')
    .addOption(reasonOption())
    .addOption(dryRunOption());
}

export function ruleTestCommand() {
  return command('test')
    .description('Show what the rules would decide about nodes, without effect')
    .addArgument(new Argument('[id...]', 'ids of nodes').argParser(nodeNames))
    .option('--pending', 'nodes that wait for approval')
    .addOption(itemsOutput())
    .addOption(noHeaders());
}

export function ruleDeleteCommand() {
  return command('delete')
    .description('Delete approval rules')
    .addArgument(
      new Argument('<name...>', 'names of the rules; - reads them from standard input').argParser(resourceNames),
    )
    .addOption(yesOption())
    .addOption(dryRunOption());
}
