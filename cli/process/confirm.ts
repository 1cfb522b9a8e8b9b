import { CliFailure, EXIT_CODE } from './cli-failure.js';
import type { Terminal } from './terminal.js';

/**
 * Asks a person before what cannot be undone. Scripts are not asked: without a terminal there is nobody to answer.
 * @throws CliFailure where the answer is not yes
 */
export async function confirm(
  question: string,
  { yes }: { yes?: true | undefined },
  { terminal, interruption }: { terminal: Terminal; interruption: AbortSignal },
): Promise<void> {
  const { stdin, stderr } = terminal;
  if (yes || !stdin.isTTY || !stderr.isTTY) return;
  stderr.write(`${question} [y/N] `);
  const answer = await firstLine(stdin, interruption);
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CliFailure(EXIT_CODE.failure, 'NOT_CONFIRMED', 'nothing was changed', 'Answer y, or give --yes');
}

async function firstLine(stdin: Terminal['stdin'], interruption: AbortSignal): Promise<string> {
  // A read that nobody answers would keep the process.
  const stop = () => stdin.destroy?.();
  interruption.addEventListener('abort', stop, { once: true });
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
  } catch (error) {
    if (!interruption.aborted) throw error;
  } finally {
    interruption.removeEventListener('abort', stop);
  }
  if (interruption.aborted) throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'nothing was changed');
  return text;
}
