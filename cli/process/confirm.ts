import { CliFailure, EXIT_CODE } from './cli-failure.js';
import { inputText } from './input-text.js';
import type { Terminal } from './terminal.js';

/**
 * Asks a person before what cannot be undone. Scripts are not asked: without a terminal there is nobody to answer.
 * @throws CliFailure where the answer is not yes
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
