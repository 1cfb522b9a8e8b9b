import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import type { DrainSetWish } from '../../contract/drain-set.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, itemsOutput, monitorOption, noHeaders } from './options.js';
import { drainId, limit } from './parsers.js';

export const setArgument = (what: string) => new Argument('<id>', `id of the ${what}`).argParser(drainId);
const drainArgument = () => setArgument('drain');
const article = (what: string) => (/^[aeiou]/.test(what) ? 'an' : 'a');

/** `rollcall drain …`: drains of sets of nodes, which `rollcall node deactivate --filter-labels` begins. */
export function addDrainCommands(program: Command, lazily: Lazily): void {
  const drain = program.command('drain').description('Drains of sets of nodes').helpCommand(false);
  drain.addHelpText('after', '\nTo begin one:\n  rollcall node deactivate --filter-labels pool=a --max-unavailable 1');
  addCommand(drain, setListCommand('drains of sets'), lazily, async () => {
    const [{ listing }, { drainColumns, wideDrainColumns }, { DRAIN_COMMANDS }] = await Promise.all([
      import('../commands/set-list.js'),
      import('../output/drain-columns.js'),
      import('../waiting/set-commands.js'),
    ]);
    return listing(DRAIN_COMMANDS, drainColumns, wideDrainColumns);
  });
  addCommand(drain, setDescribeCommand('drain'), lazily, async () => {
    const [{ describe }, { DRAIN_COMMANDS }] = await Promise.all([
      import('../commands/set-describe.js'),
      import('../waiting/set-commands.js'),
    ]);
    return describe(DRAIN_COMMANDS);
  });
  addCommand(drain, drainPauseCommand(), lazily, ruling('pause'));
  addCommand(drain, drainResumeCommand(), lazily, ruling('resume'));
  addCommand(drain, drainCancelCommand(), lazily, ruling('cancel'));
}

function ruling(wish: DrainSetWish) {
  return async () => {
    const [{ rule }, { DRAIN_COMMANDS }] = await Promise.all([
      import('../commands/set-rule.js'),
      import('../waiting/set-commands.js'),
    ]);
    return rule(DRAIN_COMMANDS, wish);
  };
}

/** @param what they are, in the plural */
export function setListCommand(what: string) {
  return command('list')
    .description(`List ${what}, the latest first`)
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders());
}

/** @param what it is */
export function setDescribeCommand(what: string) {
  return command('describe')
    .description(`Show how far ${article(what)} ${what} has come, node by node`)
    .addArgument(setArgument(what))
    .addOption(monitorOption(`first show what blocks, live, until it is over; Ctrl-C leaves the ${what} running`))
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
