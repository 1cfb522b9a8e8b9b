import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { addSetCommands } from './add-set-commands.js';
import {
  deadlineOption,
  dryRunOption,
  monitorOption,
  onDeadlineOption,
  reasonOption,
  timeoutOption,
  waitOption,
  windowOption,
} from './options.js';
import { durationText, failureCount, labelFilters, unavailableCount, version } from '../arguments/parsers.js';

/** `rollcall agent-update …`: updates agents of sets of nodes. */
export function addAgentUpdateCommands(program: Command, lazily: Lazily): void {
  const update = program
    .command('agent-update')
    .description('Updates of the agents of sets of nodes')
    .helpCommand(false);
  addCommand(update, agentUpdateStartCommand(), lazily, () => import('../commands/agent-update-start.js'));
  addSetCommands(update, lazily, {
    what: 'agent update',
    plural: 'updates of agents',
    rulings: {
      pause: 'Begin no further node; those that were begun go on',
      resume: 'Go on with an update that was paused, or held by failures',
      cancel: 'Begin no further node, and activate again those that still drain',
    },
    kind: async () => (await import('../waiting/set-commands.js')).AGENT_UPDATE_COMMANDS,
    columns: async () => {
      const { agentUpdateColumns, wideAgentUpdateColumns } = await import('../output/drain-columns.js');
      return { table: agentUpdateColumns, wide: wideAgentUpdateColumns };
    },
  });
}

export function agentUpdateStartCommand() {
  return command('start')
    .description(
      'Drain the nodes that have these labels, a few at a time, and make their agents this version meanwhile',
    )
    .addArgument(
      new Argument('<version>', 'version of the agent, such as 1.2.3; the api has its package').argParser(version),
    )
    .addOption(
      new Option('-l, --filter-labels <labels>', 'nodes that have all of these: pool=a,zone=b')
        .argParser(labelFilters)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--max-unavailable <count>',
        'how many of them may be unavailable at once, or their share: 25% (default: 1)',
      ).argParser(unavailableCount),
    )
    .addOption(
      new Option('--max-failures <count>', 'with so many failures no further node begins (default: 1)').argParser(
        failureCount,
      ),
    )
    .option('--allow-downgrade', 'also change agents of later versions to this one')
    .addOption(
      new Option(
        '--update-timeout <duration>',
        'how long a drained node may take for it, 10s to 1d (default: 20m)',
      ).argParser(durationText),
    )
    .addOption(reasonOption())
    .addOption(windowOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(dryRunOption())
    .addOption(waitOption('it is over'))
    .addOption(monitorOption('show what blocks, live, until it is over'))
    .addOption(timeoutOption());
}
