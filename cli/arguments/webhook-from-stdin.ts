import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { inputText } from '../process/input-text.js';
import type { Terminal } from '../process/terminal.js';
import { FROM_STDIN } from './ids-from.js';

/**
 * Reads a webhook's address or secret from standard input, so that no process list shows it; for many receivers the address is the secret.
 * @throws CliFailure if both would be read from it
 */
export async function givenInSecret(
  { url, secretStdin }: { url: string | undefined; secretStdin: true | undefined },
  { stdin }: Terminal,
  interruption: AbortSignal,
): Promise<{ url?: string; secret?: string }> {
  if (secretStdin && url === FROM_STDIN)
    throw new CliFailure(EXIT_CODE.usage, 'USAGE', 'one thing comes from standard input: the address or the secret');
  if (!secretStdin && url !== FROM_STDIN) return {};
  const given = (await inputText(stdin, interruption)).trim();
  return secretStdin ? { secret: given } : { url: given };
}
