import type { Command } from 'commander';
import type { Lazily } from './add-command.js';
import { addSetCommands } from './add-set-commands.js';

/** `rollcall drain …`: drains of sets of nodes, which `rollcall node deactivate --filter-labels` starts. */
export function addDrainCommands(program: Command, lazily: Lazily): void {
  const drain = program.command('drain').description('Drains of sets of nodes').helpCommand(false);
  drain.addHelpText('after', '\nTo begin one:\n  rollcall node deactivate --filter-labels pool=a --max-unavailable 1');
  addSetCommands(drain, lazily, {
    what: 'drain',
    plural: 'drains of sets',
    rulings: {
      pause: 'Begin no further node; those that drain go on',
      resume: 'Go on with a drain that was paused',
      cancel: 'Begin no further node, and activate again those that still drain; drained ones stay so',
    },
    kind: async () => (await import('../waiting/set-commands.js')).DRAIN_COMMANDS,
    columns: async () => {
      const { drainColumns, wideDrainColumns } = await import('../output/drain-columns.js');
      return { table: drainColumns, wide: wideDrainColumns };
    },
  });
}
