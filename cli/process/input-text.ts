import { CliFailure, EXIT_CODE } from './cli-failure.js';
import type { Terminal } from './terminal.js';

/**
 * Reads standard input to its end, or until `isEnough` returns true for what has been read.
 * @throws CliFailure on Ctrl-C: a read that is never answered would keep the process alive
 */
export async function inputText(
  stdin: Terminal['stdin'],
  interruption: AbortSignal,
  isEnough: (text: string) => boolean = () => false,
): Promise<string> {
  const stop = () => stdin.destroy?.();
  interruption.addEventListener('abort', stop, { once: true });
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += String(chunk);
      if (isEnough(text)) break;
    }
  } catch (error) {
    if (!interruption.aborted) throw error;
  } finally {
    interruption.removeEventListener('abort', stop);
  }
  if (interruption.aborted) throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'nothing was changed');
  return text;
}
