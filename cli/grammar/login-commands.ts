import { Argument } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { documentOutput, itemsOutput, filterOption, noHeaders } from './options.js';
import { contextNameText } from '../arguments/parsers.js';

/** `rollcall auth …` and `rollcall context …`. */
export function addLoginCommands(program: Command, lazily: Lazily): void {
  const auth = program.command('auth').helpCommand(false).description('Log in to a cluster');
  addCommand(auth, authLoginCommand(), lazily, () => import('../commands/auth-login.js'));
  addCommand(auth, authWhoamiCommand(), lazily, () => import('../commands/auth-whoami.js'));
  addCommand(auth, authLogoutCommand(), lazily, () => import('../commands/auth-logout.js'));
  const context = program
    .command('context')
    .helpCommand(false)
    .description('Choose among clusters that are known here');
  context.addHelpText('after', '\nTo make one:\n  rollcall auth login --context NAME --server URL');
  addCommand(context, contextListCommand(), lazily, () => import('../commands/context-list.js'));
  addCommand(context, contextUseCommand(), lazily, () => import('../commands/context-use.js'));
  addCommand(context, contextRenameCommand(), lazily, () => import('../commands/context-rename.js'));
}

export function authLoginCommand() {
  return command('login')
    .description('Sign in at the identity provider of the cluster, or check a token, and keep it for later commands')
    .option('--token-stdin', 'use an api token, read from standard input');
}

export function authWhoamiCommand() {
  return command('whoami').description('Show who you are to the server').addOption(documentOutput());
}

export function authLogoutCommand() {
  return command('logout').description('Forget the token; a login by the identity provider ends');
}

export function contextListCommand() {
  return command('list')
    .description('List the clusters that are known here; a star marks the one that commands use')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function contextUseCommand() {
  return command('use').description('Use this cluster from now on').addArgument(contextArgument('<name>'));
}

export function contextRenameCommand() {
  return command('rename')
    .description('Rename a context')
    .addArgument(contextArgument('<name>'))
    .addArgument(contextArgument('<new-name>'));
}

const contextArgument = <Form extends string>(form: Form) =>
  new Argument(form, 'name of a context').argParser(contextNameText);
