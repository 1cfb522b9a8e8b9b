import { Argument, Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { ROLES } from '../../contract/grants.js';
import { addCommand, command, type Lazily } from './add-command.js';
import {
  documentOutput,
  dryRunOption,
  installForm,
  itemsOutput,
  filterOption,
  noHeaders,
  yesOption,
} from './options.js';
import {
  durationText,
  labelFilters,
  labelPair,
  limit,
  moment,
  MOMENT,
  namePattern,
  nodeId,
  tokenIds,
  tokenIdText,
  useCount,
} from '../arguments/parsers.js';

/** `rollcall join-token …`, `rollcall api-token …` and `rollcall audit …`. */
export function addTokenCommands(program: Command, lazily: Lazily): void {
  addJoinTokenCommands(
    program.command('join-token').helpCommand(false).description('Tokens that let many nodes in'),
    lazily,
  );
  addApiTokenCommands(
    program.command('api-token').helpCommand(false).description('Tokens of people and their scripts'),
    lazily,
  );
  const audit = program
    .command('audit')
    .helpCommand(false)
    .description('Decisions and uses of tokens: who, what, when, from where and why');
  addCommand(audit, auditListCommand(), lazily, () => import('../commands/audit-list.js'), { isDefault: true });
  addCommand(audit, auditExportCommand(), lazily, () => import('../commands/audit-export.js'));
}

const tokenArgument = () =>
  new Argument('<id>', 'id of the token: its part between the underscores').argParser(tokenIdText);

const tokensArgument = () =>
  new Argument(
    '<id...>',
    'ids of tokens, their parts between the underscores; - reads them from standard input',
  ).argParser(tokenIds);

function addJoinTokenCommands(joinToken: Command, lazily: Lazily): void {
  addCommand(joinToken, joinTokenCreateCommand(), lazily, () => import('../commands/join-token-create.js'));
  addCommand(joinToken, joinTokenListCommand(), lazily, () => import('../commands/join-token-list.js'));
  addCommand(joinToken, joinTokenDescribeCommand(), lazily, () => import('../commands/join-token-describe.js'));
  addCommand(joinToken, joinTokenRevokeCommand(), lazily, revoking('join-token'));
}

function addApiTokenCommands(apiToken: Command, lazily: Lazily): void {
  addCommand(apiToken, apiTokenCreateCommand(), lazily, () => import('../commands/api-token-create.js'));
  addCommand(apiToken, apiTokenRotateCommand(), lazily, () => import('../commands/api-token-rotate.js'));
  addCommand(apiToken, apiTokenListCommand(), lazily, () => import('../commands/api-token-list.js'));
  addCommand(apiToken, apiTokenRevokeCommand(), lazily, revoking('api-token'));
}

function revoking(kind: 'api-token' | 'join-token') {
  return async () => (await import('../commands/token-revoke.js')).revocation(kind);
}

export function auditListCommand() {
  return command('list')
    .description('Show the latest entries; `rollcall audit` alone does so too')
    .addOption(new Option('--node <id>', 'only about this node').argParser(nodeId))
    .addOption(new Option('--token <id>', 'only about this token').argParser(tokenIdText))
    .option('--by <name>', 'only what this token, agent:<id> or system did')
    .addOption(new Option('--limit <count>', 'how many of the latest').argParser(limit).default(100))
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function auditExportCommand() {
  return command('export')
    .description('Print the whole audit, oldest first, as JSON lines')
    .addOption(new Option('--since <moment>', `only from then on: ${MOMENT}`).argParser(moment))
    .addOption(new Option('--until <moment>', 'only before then').argParser(moment));
}

export function joinTokenCreateCommand() {
  return command('create')
    .description('Print a new join token, once')
    .addOption(new Option('--max-uses <count>', 'how many nodes it lets in').argParser(useCount).default(1))
    .addOption(
      new Option('--expires-in <duration>', 'how long it works, 1m to 365d').argParser(durationText).default('24h'),
    )
    .option('--label <key=value>', 'label of the nodes that join with it, repeatable', labelPair)
    .addOption(
      new Option('--name-pattern <pattern>', 'only nodes of such names, as in pool-a-*').argParser(namePattern),
    )
    .option(
      '--auto-approve',
      'nodes that join with it are approved (default: as Orchestrator.NodeManager.ManualApproval says)',
    )
    .option('--no-auto-approve', 'nodes that join with it wait for an administrator')
    .addOption(
      new Option(
        '--remove-after <duration>',
        'nodes that join with it are ephemeral: removed once UNKNOWN for so long, 1m to 365d',
      ).argParser(durationText),
    )
    .option('--description <text>', 'what it is for')
    .addOption(dryRunOption())
    .addOption(documentOutput())
    .addOption(installForm());
}

export function joinTokenListCommand() {
  return command('list')
    .description('List join tokens')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function joinTokenDescribeCommand() {
  return command('describe')
    .description('Show a join token and the nodes that joined with it')
    .addArgument(tokenArgument())
    .addOption(documentOutput());
}

export function joinTokenRevokeCommand() {
  return command('revoke')
    .description('Revoke join tokens; nodes that joined with them stay')
    .addArgument(tokensArgument())
    .addOption(dryRunOption())
    .addOption(yesOption());
}

export function apiTokenCreateCommand() {
  return command('create')
    .description('Print a new api token, once')
    .argument('<name>', 'who uses it: what they decide is written down under this name')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .option('--scope <labels>', 'only over nodes that have all of these: pool=a,zone=b', labelFilters)
    .addOption(
      new Option('--expires-in <duration>', 'how long it works, 1m to 3650d').argParser(durationText).default('90d'),
    )
    .addOption(dryRunOption())
    .addOption(documentOutput());
}

export function apiTokenRotateCommand() {
  return command('rotate')
    .description('Print a new secret of an api token, once; the former one keeps working for a while')
    .addArgument(tokenArgument())
    .addOption(
      new Option('--expires-in <duration>', 'how long it works, 1m to 3650d').argParser(durationText).default('90d'),
    )
    .addOption(
      new Option('--overlap <duration>', 'how long the secret of before works, 0s to 30d')
        .argParser(durationText)
        .default('24h'),
    )
    .addOption(dryRunOption())
    .addOption(documentOutput());
}

export function apiTokenListCommand() {
  return command('list')
    .description('List api tokens')
    .addOption(itemsOutput())
    .addOption(noHeaders())
    .addOption(filterOption());
}

export function apiTokenRevokeCommand() {
  return command('revoke')
    .description('Revoke api tokens; logins in browsers end with them')
    .addArgument(tokensArgument())
    .addOption(dryRunOption())
    .addOption(yesOption());
}
