import type { Command } from 'commander';
import type { Lazily } from './lazily.js';
import { documentOutput, reasonOption } from './options.js';

/** Everything but nodes and completion. */
export function addOtherCommands(program: Command, lazily: Lazily): void {
  program
    .command('cluster')
    .description('Show how many nodes there are, how they are, and what they have')
    .addOption(documentOutput())
    .action(lazily(() => import('../commands/cluster.js')));
  const massSilence = program
    .command('mass-silence')
    .helpCommand(false)
    .description('So many nodes silent at once that nothing is done about them');
  massSilence.addHelpText('after', '\nTo see whether there is one:\n  rollcall cluster');
  massSilence
    .command('release')
    .description(
      'Say that its nodes are lost indeed: sessions of those that are UNKNOWN are given up, and RemoveAfter removes nodes',
    )
    .addOption(reasonOption())
    .action(lazily(() => import('../commands/mass-silence-release.js')));
  addAuthCommands(program.command('auth').helpCommand(false).description('Log in to a cluster'), lazily);
  program
    .command('version')
    .description('Print the version')
    .action(lazily(() => import('../commands/version.js')));
}

function addAuthCommands(auth: Command, lazily: Lazily): void {
  auth
    .command('login')
    .description('Check a token and keep it for later commands')
    .option('--token-stdin', 'read the token from standard input')
    .action(lazily(() => import('../commands/auth-login.js')));
  auth
    .command('whoami')
    .description('Show whom the server takes you for')
    .addOption(documentOutput())
    .action(lazily(() => import('../commands/auth-whoami.js')));
  auth
    .command('logout')
    .description('Forget the token')
    .action(lazily(() => import('../commands/auth-logout.js')));
}
