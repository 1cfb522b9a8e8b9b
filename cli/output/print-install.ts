import type { BootstrapTokenResponse } from '../../client/types.gen.js';
import type { Connection } from '../connection/connection.js';
import type { Terminal } from '../process/terminal.js';
import { installAs, installText, type InstallForm } from './install-text.js';
import { printDocument } from './print-document.js';

interface Options {
  format?: InstallForm | undefined;
  output: Parameters<typeof printDocument>[1];
}

/**
 * A bootstrap token that was made: itself on stdout and what to do with it on stderr, so that a script can keep the token alone; or one form
 * of the latter on stdout.
 */
export async function printInstall(
  made: BootstrapTokenResponse,
  { format, output }: Options,
  terminal: Terminal,
  connection: Connection,
): Promise<void> {
  if (format === undefined)
    return printDocument(made, output, terminal, () => {
      terminal.stderr.write(installText(made, connection.now(), connection.caFile));
      return `${made.bootstrapToken}\n`;
    });
  if (format !== 'config' && !made.install.isPackageServed)
    terminal.stderr.write(
      'warning: this api has no package of the agent for it to fetch: npm run package makes one, and Orchestrator.API.PackagesDir names the folder\n',
    );
  terminal.stdout.write(installAs(format, made.install));
}
