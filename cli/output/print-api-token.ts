import type { CreateApiTokenResponse } from '../../client/types.gen.js';
import { grantText } from '../../contract/grants.js';
import { plainText } from '../../contract/plain-text.js';
import type { Connection } from '../connection/connection.js';
import type { Terminal } from '../process/terminal.js';
import { formatRoundSpan } from './age.js';
import { printDocument, type DocumentFormat } from './print-document.js';

/**
 * Prints a new api token: the token on stdout and its explanation on stderr, so that a script can capture the token alone.
 * @param besides another sentence, or nothing
 */
export async function printApiToken(
  made: CreateApiTokenResponse,
  besides: string,
  { output, dryRun }: { output: DocumentFormat; dryRun?: true | undefined },
  terminal: Terminal,
  connection: Connection,
): Promise<void> {
  // There is no usable token to print.
  if (dryRun) return void terminal.stdout.write('Ok\n');
  await printDocument(made, output, terminal, () => {
    const { id, name, scope, expiresAt } = made.apiToken;
    const expires =
      expiresAt === null
        ? 'does not expire'
        : `expires in ${formatRoundSpan(Date.parse(expiresAt) - connection.now())}`;
    const holder = scope ? `${name} (${plainText(grantText(made.apiToken))})` : name;
    const sentences = [`The token ${id} of ${holder} is shown this once and ${expires}.`, besides];
    terminal.stderr.write(`${sentences.filter(Boolean).join(' ')} To use it: rollcall auth login --token-stdin\n`);
    return `${made.token}\n`;
  });
}
