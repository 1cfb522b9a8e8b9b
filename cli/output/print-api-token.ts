import type { CreateApiTokenResponse } from '../../client/types.gen.js';
import { grantText } from '../../contract/grants.js';
import { plainText } from '../../contract/plain-text.js';
import type { Connection } from '../connection/connection.js';
import type { Terminal } from '../process/terminal.js';
import { formatRoundSpan } from './age.js';
import { printDocument, type DocumentFormat } from './print-document.js';

/**
 * An api token that was made: itself on stdout, what it is good for on stderr, so that a script can keep the token alone.
 * @param besides another sentence, or nothing
 */
export async function printApiToken(
  made: CreateApiTokenResponse,
  besides: string,
  { output, dryRun }: { output: DocumentFormat; dryRun?: true | undefined },
  terminal: Terminal,
  connection: Connection,
): Promise<void> {
  // There is no token that anybody could use.
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
