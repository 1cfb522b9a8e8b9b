import type { Terminal } from '../process/terminal.js';
import { toJson, toYaml } from './document.js';

export const DOCUMENT_FORMATS = ['text', 'json', 'yaml'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** Prints one thing to stdout in the format that was asked for. */
export async function printDocument(
  value: unknown,
  format: DocumentFormat,
  terminal: Terminal,
  text: () => string | Promise<string>,
): Promise<void> {
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
