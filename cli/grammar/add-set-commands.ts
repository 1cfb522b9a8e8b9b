import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import type { DrainSet } from '../../client/types.gen.js';
import type { DrainSetWish } from '../../contract/drain-set.js';
import type { EpochMs } from '../../contract/states.js';
import type { Column } from '../output/table.js';
import type { SetCommands } from '../waiting/set-commands.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, dryRunOption, itemsOutput, monitorOption, filterOption, noHeaders } from './options.js';
import { drainId, drainIds, limit } from '../arguments/parsers.js';

/** Differences between the commands about drains and those about agent updates. */
interface SetWords<View extends DrainSet> {
  /** `drain` */
  what: string;
  /** `drains of sets` */
  plural: string;
  /** The effect of each ruling. */
  rulings: Readonly<Record<DrainSetWish, string>>;
  /** Loaded when one of the commands is called. */
  kind: () => Promise<SetCommands<View>>;
  columns: () => Promise<Readonly<Record<'table' | 'wide', (now: EpochMs) => readonly Column<View>[]>>>;
}

/** `list`, `describe`, `pause`, `resume` and `cancel` of sets. */
export function addSetCommands<View extends DrainSet>(
  parent: Command,
  lazily: Lazily,
  { what, plural, rulings, kind, columns }: SetWords<View>,
): void {
  addCommand(parent, listCommand(plural), lazily, async () => {
    const [{ listing }, { table, wide }] = await Promise.all([import('../commands/set-list.js'), columns()]);
    return listing(await kind(), table, wide);
  });
  addCommand(parent, describeCommand(what), lazily, async () => {
    const { describe } = await import('../commands/set-describe.js');
    return describe(await kind());
  });
  for (const wish of ['pause', 'resume', 'cancel'] as const)
    addCommand(parent, rulingCommand(what, wish, rulings[wish]), lazily, async () => {
      const { rule } = await import('../commands/set-rule.js');
      return rule(await kind(), wish);
    });
}

const setArgument = (what: string) => new Argument('<id>', `id of the ${what}`).argParser(drainId);

function listCommand(plural: string) {
  return command('list')
    .description(`List ${plural}, the latest first`)
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

function describeCommand(what: string) {
  return command('describe')
    .description(`Show how far ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} has come, node by node`)
    .addArgument(setArgument(what))
    .addOption(monitorOption(`first show what blocks, live, until it is over; Ctrl-C leaves the ${what} running`))
    .addOption(documentOutput());
}

function rulingCommand(what: string, wish: DrainSetWish, does: string) {
  const ids = new Argument('<id...>', `ids of the ${what}s; - reads them from standard input`).argParser(drainIds);
  return command(wish).description(does).addArgument(ids).addOption(dryRunOption());
}
