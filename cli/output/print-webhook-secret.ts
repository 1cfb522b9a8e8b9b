import type { CreateWebhookResponse } from '../../client/types.gen.js';
import type { Terminal } from '../process/terminal.js';
import { printDocument, type DocumentFormat } from './print-document.js';

/**
 * Prints a webhook's new secret on stdout and its explanation on stderr, so that a script can capture the secret alone.
 * @param what what happened to the webhook
 */
export async function printWebhookSecret(
  made: CreateWebhookResponse,
  what: string,
  output: DocumentFormat,
  terminal: Terminal,
): Promise<void> {
  await printDocument(made, output, terminal, () => {
    const { id } = made.webhook;
    const shown = made.secret === null ? '' : 'Its secret, by which receivers know our signature, is shown this once. ';
    terminal.stderr.write(`Webhook ${id} ${what}. ${shown}To see whether it hears: rollcall webhook test ${id}\n`);
    return made.secret === null ? '' : `${made.secret}\n`;
  });
}
