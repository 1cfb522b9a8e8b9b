import type { Terminal } from '../process/terminal.js';
import { toJson, toYaml } from './document.js';
import { OwnOutput } from './own-output.js';
import { tableLines } from './table.js';

export const DOCUMENT_FORMATS = ['text', 'json', 'yaml'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number] | OwnOutput;

/** Prints one item to stdout in the requested format. */
export async function printDocument(
  value: unknown,
  format: DocumentFormat,
  terminal: Terminal,
  text: () => string | Promise<string>,
): Promise<void> {
  if (format instanceof OwnOutput) {
    terminal.stdout.write(ownText(format, value));
    return;
  }
  switch (format) {
    case 'json':
      terminal.stdout.write(toJson(value));
      return;
    case 'yaml':
      terminal.stdout.write(await toYaml(value));
      return;
    case 'text':
      terminal.stdout.write(await text());
  }
}

/** One item in the user's format. */
export function ownText(output: OwnOutput, value: unknown, headers = true): string {
  if (output.kind === 'jsonpath') return output.lines(value);
  return tableLines(output.columns, [value], { headers })
    .map((line) => `${line}\n`)
    .join('');
}
