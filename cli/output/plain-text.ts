import { stripVTControlCharacters } from 'node:util';

/**
 * Characters that make a terminal do something instead of showing something: controls (C0, DEL, C1) and those that
 * reorder or hide text. Agents report text and people write reasons; neither may move the administrator's cursor.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` as one line that is safe to show in a terminal. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(UNPRINTABLE, '').trim();
}

/** `text` as lines that are safe to show in a terminal, for prose that may have line breaks. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map(plainText);
}
