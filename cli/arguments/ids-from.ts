import { InvalidArgumentError } from '@commander-js/extra-typings';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { inputText } from '../process/input-text.js';
import type { Terminal } from '../process/terminal.js';

/** Given in place of ids that come from standard input, separated by spaces or line breaks. */
export const FROM_STDIN = '-';
/** Maximum number of ids of one command, more than a command line holds. */
const MOST_IDS = 10_000;
const MOST_CHARACTERS = MOST_IDS * 70;

/**
 * The ids given to a command, each once, including those from standard input.
 * @throws CliFailure (usage) if one of those is invalid, there are too many, or there are none
 */
export async function idsFrom(
  words: readonly string[],
  parse: (text: string) => string,
  { terminal, interruption }: { terminal: Terminal; interruption: AbortSignal },
): Promise<string[]> {
  if (!words.includes(FROM_STDIN)) return [...new Set(words)];
  const isTooMuch = (text: string) => text.length > MOST_CHARACTERS;
  const text = await inputText(terminal.stdin, interruption, isTooMuch);
  if (isTooMuch(text)) throw usage(`standard input has more than ${MOST_IDS} ids`);
  const read = text.split(/\s+/).filter((word) => word !== '');
  for (const word of read) {
    try {
      parse(word);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw usage(`standard input has "${word.slice(0, 80)}", which is no id`, error.message);
    }
  }
  const ids = [...new Set(words.flatMap((word) => (word === FROM_STDIN ? read : [word])))];
  if (ids.length === 0) throw usage('standard input has no id');
  if (ids.length > MOST_IDS) throw usage(`standard input has more than ${MOST_IDS} ids`);
  return ids;
}

function usage(detail: string, hint?: string): CliFailure {
  return new CliFailure(EXIT_CODE.usage, 'USAGE', detail, hint);
}
