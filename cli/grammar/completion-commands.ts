import { Argument } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { SHELLS } from '../process/shells.js';

/** `rollcall completion`, for people, and `rollcall complete`, for the script that it prints. */
export function addCompletionCommands(program: Command, lazily: Lazily): void {
  addCommand(program, completionCommand(), lazily, () => import('../commands/completion.js'));
  addCommand(program, completeCommand(), lazily, () => import('../commands/complete.js'), { hidden: true });
}

export function completionCommand() {
  return command('completion')
    .description('Print a script that completes commands, options and node ids in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText('after', '\nTo use it now, in bash:\n  source <(rollcall completion bash)');
}

export function completeCommand() {
  return command('complete')
    .description('Answer the completion script')
    .argument('[words...]', 'the words typed so far');
}
