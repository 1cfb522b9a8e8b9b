import { visibleText, plainText } from '../../contract/plain-text.js';

/** Fields that people write in lines. Whatever else is text is one line: a second one would pass for a line of ours. */
const PROSE = new Set(['ansible', 'cloudInit', 'command', 'configYaml', 'description', 'reason', 'sql']);
const LINE_BREAK = /\r\n|\n|\r/;

/** An answer of the api as people are shown it: the door that all text of elsewhere comes through, names of labels and ids too. */
export function shownData<Data>(data: Data): Data {
  return shown(data, '') as Data;
}

function shown(value: unknown, field: string): unknown {
  if (typeof value === 'string')
    return PROSE.has(field) ? value.split(LINE_BREAK).map(visibleText).join('\n') : plainText(value);
  if (Array.isArray(value)) return value.map((item) => shown(item, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [plainText(key), shown(part, key)]));
}
