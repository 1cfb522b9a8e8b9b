import type { BootstrapTokenResponse } from '../../client/types.gen.js';
import type { Connection } from '../connection/connection.js';
import type { Terminal } from '../process/terminal.js';
import { formatRoundSpan } from './age.js';
import { installAs, installText, type InstallForm } from './install-text.js';
import { printDocument } from './print-document.js';

interface Options {
  format?: InstallForm | undefined;
  output: Parameters<typeof printDocument>[1];
  dryRun?: true | undefined;
}

/** Description of a token, for {@link printInstall}. */
interface MadeToken {
  text: string;
  /** A sentence: which token it is, and how long it is valid. */
  about: string;
}

/**
 * Prints a new token by which machines join: the token on stdout and instructions on stderr, so that a script can capture the token alone;
 * or one form of the instructions on stdout.
 */
export async function printInstall(
  made: Pick<BootstrapTokenResponse, 'install'>,
  { text, about }: MadeToken,
  { format, output, dryRun }: Options,
  terminal: Terminal,
  connection: Connection,
): Promise<void> {
  // There is no usable token to print.
  if (dryRun) return void terminal.stdout.write('Ok\n');
  if (format === undefined)
    return printDocument(made, output, terminal, () => {
      terminal.stderr.write(installText(about, made.install, connection.caFile));
      return `${text}\n`;
    });
  if (format !== 'config' && !made.install.isPackageServed)
    terminal.stderr.write(
      'warning: this api has no package of the agent for it to fetch: npm run package makes one, and Orchestrator.API.PackagesDir names the folder\n',
    );
  terminal.stdout.write(installAs(format, made.install));
}

export function bootstrapToken(
  { bootstrapToken: text, expiresAt }: Pick<BootstrapTokenResponse, 'bootstrapToken' | 'expiresAt'>,
  connection: Connection,
): MadeToken {
  const span = formatRoundSpan(Date.parse(expiresAt) - connection.now());
  return { text, about: `The bootstrap token is shown this once and expires in ${span}.` };
}
