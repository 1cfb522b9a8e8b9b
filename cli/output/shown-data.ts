import { visibleText, plainText } from '../../contract/plain-text.js';

/** Fields that may have several lines. All other text is one line: a second one could pass for a line of the CLI's own. */
const PROSE = new Set(['ansible', 'cloudInit', 'command', 'configYaml', 'description', 'reason', 'sql']);
const LINE_BREAK = /\r\n|\n|\r/;

/** Makes an answer of the api safe to show: all text from elsewhere passes through here, including ids and label keys. */
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
