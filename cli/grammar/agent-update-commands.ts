import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import type { DrainSetWish } from '../../contract/drain-set.js';
import { addCommand, command, type Lazily } from './add-command.js';
import { setArgument, setDescribeCommand, setListCommand } from './drain-commands.js';
import { deadlineOption, monitorOption, onDeadlineOption, reasonOption, timeoutOption, waitOption } from './options.js';
import { durationText, failureCount, labelFilters, unavailableCount, version } from './parsers.js';

const updateArgument = () => setArgument('agent update');

/** `rollcall agent-update …`: other versions of the agents of sets of nodes. */
export function addAgentUpdateCommands(program: Command, lazily: Lazily): void {
  const update = program
    .command('agent-update')
    .description('Updates of the agents of sets of nodes')
    .helpCommand(false);
  addCommand(update, agentUpdateStartCommand(), lazily, () => import('../commands/agent-update-start.js'));
  addCommand(update, setListCommand('updates of agents'), lazily, async () => {
    const [{ listing }, { agentUpdateColumns, wideAgentUpdateColumns }, { AGENT_UPDATE_COMMANDS }] = await Promise.all([
      import('../commands/set-list.js'),
      import('../output/drain-columns.js'),
      import('../waiting/set-commands.js'),
    ]);
    return listing(AGENT_UPDATE_COMMANDS, agentUpdateColumns, wideAgentUpdateColumns);
  });
  addCommand(update, setDescribeCommand('agent update'), lazily, async () => {
    const [{ describe }, { AGENT_UPDATE_COMMANDS }] = await Promise.all([
      import('../commands/set-describe.js'),
      import('../waiting/set-commands.js'),
    ]);
    return describe(AGENT_UPDATE_COMMANDS);
  });
  addCommand(update, agentUpdatePauseCommand(), lazily, ruling('pause'));
  addCommand(update, agentUpdateResumeCommand(), lazily, ruling('resume'));
  addCommand(update, agentUpdateCancelCommand(), lazily, ruling('cancel'));
}

function ruling(wish: DrainSetWish) {
  return async () => {
    const [{ rule }, { AGENT_UPDATE_COMMANDS }] = await Promise.all([
      import('../commands/set-rule.js'),
      import('../waiting/set-commands.js'),
    ]);
    return rule(AGENT_UPDATE_COMMANDS, wish);
  };
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
    .option('--allow-downgrade', 'agents of later versions become this one too')
    .addOption(
      new Option(
        '--update-timeout <duration>',
        'how long a drained node may take for it, 10s to 1d (default: 20m)',
      ).argParser(durationText),
    )
    .addOption(reasonOption())
    .addOption(deadlineOption())
    .addOption(onDeadlineOption())
    .addOption(waitOption('it is over'))
    .addOption(monitorOption('show what blocks, live, until it is over'))
    .addOption(timeoutOption());
}

export function agentUpdatePauseCommand() {
  return command('pause')
    .description('Begin no further node; those that were begun go on')
    .addArgument(updateArgument());
}

export function agentUpdateResumeCommand() {
  return command('resume')
    .description('Go on with an update that was paused, or held by failures')
    .addArgument(updateArgument());
}

export function agentUpdateCancelCommand() {
  return command('cancel')
    .description('Begin no further node, and activate again those that still drain')
    .addArgument(updateArgument());
}
