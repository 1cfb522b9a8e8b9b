import { InvalidArgumentError } from '@commander-js/extra-typings';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { inputText } from '../process/input-text.js';
import type { Terminal } from '../process/terminal.js';

/** In place of ids: they come from standard input, with blanks or line breaks between them. */
export const FROM_STDIN = '-';
/** More than a command line holds, and what one command takes. */
const MOST_IDS = 10_000;
const MOST_CHARACTERS = MOST_IDS * 70;

/**
 * The ids that a command was given, each once, those from standard input too.
 * @throws CliFailure (usage) where one of those is none, there are too many of them, or none at all
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
