import { Command, Option } from 'commander';
import { hideSecrets } from '../contract/hide-secrets.js';
import { addCompletionCommands } from './grammar/completion-commands.js';
import { addAgentUpdateCommands } from './grammar/agent-update-commands.js';
import { addDrainCommands } from './grammar/drain-commands.js';
import type { Lazily } from './grammar/add-command.js';
import { addNodeCommands } from './grammar/node-commands.js';
import { addApprovalRuleCommands } from './grammar/approval-rule-commands.js';
import { addMaintenanceCommands } from './grammar/maintenance-commands.js';
import { addLoginCommands } from './grammar/login-commands.js';
import { addOtherCommands } from './grammar/other-commands.js';
import { addSimulationCommand } from './grammar/simulation-command.js';
import { addSessionCommands } from './grammar/session-commands.js';
import { addTokenCommands } from './grammar/token-commands.js';
import { addAlertCommands } from './grammar/alert-commands.js';
import { addWebhookCommands } from './grammar/webhook-commands.js';
import { contextNameText } from './arguments/parsers.js';
import { EXAMPLES, EXIT_CODES } from './output/examples.js';
import type { Terminal } from './process/terminal.js';

/** The whole grammar: every command, argument and option, with its help. */
export function createProgram(terminal: Pick<Terminal, 'stdout' | 'stderr' | 'version'>, lazily: Lazily): Command {
  const program = createCompletable(terminal, lazily);
  addCompletionCommands(program, lazily);
  pointToHelp(program);
  return program;
}

/** The grammar without completion's own commands, which the completion engine adds itself. */
export function createCompletable(terminal: Pick<Terminal, 'stdout' | 'stderr' | 'version'>, lazily: Lazily): Command {
  const program = new Command('rollcall')
    .description('See and manage the compute nodes of a cluster, and run queries on them.')
    .addOption(
      new Option(
        '--context <name>',
        'cluster to ask, by the name that it has here (environment: ROLLCALL_CONTEXT); see: rollcall context list',
      ).argParser(contextNameText),
    )
    .option('--server <url>', 'address of the api (environment: ROLLCALL_SERVER)')
    .option('--token-file <file>', 'file that holds your token (environment: ROLLCALL_TOKEN, the token itself)')
    .option('--ca-file <file>', 'accept certificates of these authorities only (environment: ROLLCALL_CA_FILE)')
    .option('--home <folder>', 'folder whose context.json has the contexts (environment: ROLLCALL_HOME)')
    .version(`rollcall ${terminal.version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'Show help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(usageSentence(text)),
      getOutHelpWidth: () => terminal.stdout.columns || HELP_WIDTH,
      getErrHelpWidth: () => terminal.stderr.columns || HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  addNodeCommands(program, lazily);
  addDrainCommands(program, lazily);
  addAgentUpdateCommands(program, lazily);
  addSessionCommands(program, lazily);
  addTokenCommands(program, lazily);
  addApprovalRuleCommands(program, lazily);
  addMaintenanceCommands(program, lazily);
  addAlertCommands(program, lazily);
  addWebhookCommands(program, lazily);
  addLoginCommands(program, lazily);
  addOtherCommands(program, lazily);
  addSimulationCommand(program, lazily);
  program.addHelpText('after', EPILOGUE);
  return program;
}

const HELP_WIDTH = 100;

const EPILOGUE = `
Examples:
${EXAMPLES.map((example) => `  ${example}`).join('\n')}

Exit codes: ${EXIT_CODES.map((code) => code.join(' ')).join(', ')}.
`.trimEnd();

/** Brings commander's `error: … 
(Did you mean …?)` into the form of all other errors. */
function usageSentence(text: string): string {
  return `${hideSecrets(text)
    .trim()
    .replace(/^error: /, 'USAGE: ')
    .replace(/\n\((Did you mean .*)\)$/s, '. $1')}\n`;
}

/** Every usage error ends with a reference to the help. */
function pointToHelp(command: Command, path = command.name()): void {
  command.showHelpAfterError(`See: ${path} --help`);
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}
