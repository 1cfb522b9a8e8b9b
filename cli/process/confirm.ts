import { CliFailure, EXIT_CODE } from './cli-failure.js';
import { inputText } from './input-text.js';
import type { Terminal } from './terminal.js';

/**
 * Asks for confirmation of what cannot be undone. Without a terminal there is nobody to answer, so scripts are not asked.
 * @throws CliFailure if the answer is not yes
 */
export async function confirm(
  question: string,
  { yes, dryRun }: { yes?: true | undefined; dryRun?: true | undefined },
  { terminal, interruption }: { terminal: Terminal; interruption: AbortSignal },
): Promise<void> {
  const { stdin, stderr } = terminal;
  if (yes || dryRun || !stdin.isTTY || !stderr.isTTY) return;
  stderr.write(`${question} [y/N] `);
  const answer = await inputText(stdin, interruption, (text) => text.includes('\n'));
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CliFailure(EXIT_CODE.failure, 'NOT_CONFIRMED', 'nothing was changed', 'Answer y, or give --yes');
}
