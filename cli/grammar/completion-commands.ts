import { Argument, type Command } from 'commander';
import type { Lazily } from './lazily.js';
import { SHELLS } from '../process/shells.js';

/** `rollcall completion`, for people, and `rollcall complete`, for the script that it prints. */
export function addCompletionCommands(program: Command, lazily: Lazily): void {
  program
    .command('completion')
    .description('Print a script that completes commands, options and node ids in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText('after', '\nTo use it now, in bash:\n  source <(rollcall completion bash)')
    .action(lazily(() => import('../commands/completion.js')));
  program
    .command('complete', { hidden: true })
    .description('Answer the completion script')
    .argument('[words...]', 'the words typed so far')
    .action(lazily(() => import('../commands/complete.js')));
}
