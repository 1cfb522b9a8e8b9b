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

/** What a token is, for {@link printInstall}. */
interface MadeToken {
  text: string;
  /** A sentence: which token it is, and how long it is good for. */
  about: string;
}

/**
 * A token that was made, by which machines become nodes: itself on stdout and what to do with it on stderr, so that a script can keep the
 * token alone; or one form of the latter on stdout.
 */
export async function printInstall(
  made: Pick<BootstrapTokenResponse, 'install'>,
  { text, about }: MadeToken,
  { format, output, dryRun }: Options,
  terminal: Terminal,
  connection: Connection,
): Promise<void> {
  // There is no token that anybody could use.
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
