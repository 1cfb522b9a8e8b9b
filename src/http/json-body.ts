import { ProblemError } from './problem-error.js';

/** Maximum nesting: more than any body needs, and shallow enough for recursive code. */
const MAX_DEPTH = 16;

/** Limits of keys and values: more than any body needs. A report of a thousand sessions and eight results has some 8,000 keys and 60,000 values. */
const MAX_KEYS = 20_000;
const MAX_VALUES = 150_000;

/**
 * Parses a request's body. Refuses what JSON.parse accepts although parsers disagree on it or misuse it: duplicate keys in an object, the key of an
 * object's prototype, and deep nesting.
 * @throws ProblemError VALIDATION_FAILED
 */
export function parseJsonBody(text: string): unknown {
  checkExtent(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('the body is not JSON', 'Send a JSON object with content-type application/json');
  }
  checkKeys(text);
  return value;
}

/** Counts keys, values and nesting in one pass over the text, before it is parsed, and stops as soon as a limit is exceeded. */
function checkExtent(text: string): void {
  let [keys, values, depth] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ':') keys += 1;
    else if (character === ',') values += 1;
    else if (character === '{' || character === '[') [depth, values] = [depth + 1, values + 1];
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_DEPTH) throw malformed(`the body is nested deeper than ${MAX_DEPTH} levels`);
    if (keys > MAX_KEYS || values > MAX_VALUES)
      throw malformed(`the body has more than ${MAX_KEYS} keys or ${MAX_VALUES} values`);
  }
}

/** @returns the index of the closing quote of the string that begins at `start`, or the text's end */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}

/** Checks the keys of text that is known to be valid JSON. */
function checkKeys(text: string): void {
  /** Keys so far of each open container; null for an array. */
  const open: (Set<string> | null)[] = [];
  const strings = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g;
  for (let match = strings.exec(text); match !== null; match = strings.exec(text)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else {
      const keys = open.at(-1);
      if (keys && isKey(text, strings.lastIndex)) addKey(keys, JSON.parse(token) as string);
    }
  }
}

/** In valid JSON a string is a key exactly where a colon follows it. */
function isKey(text: string, after: number): boolean {
  const next = /\S/g;
  next.lastIndex = after;
  return next.exec(text)?.[0] === ':';
}

function addKey(keys: Set<string>, key: string): void {
  const shown = key.length <= 100 ? key : `${key.slice(0, 100)}…`;
  if (key === '__proto__') throw malformed('__proto__ is not allowed as a key', undefined, key);
  if (keys.has(key)) throw malformed(`the key ${shown} stands twice in one object`, 'Send it once', shown);
  keys.add(key);
}

function malformed(detail: string, hint?: string, field?: string): ProblemError {
  return new ProblemError({
    code: 'VALIDATION_FAILED',
    detail,
    ...(field === undefined ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
  });
}
