import { ProblemError } from './problem-error.js';

/** Deeper than any body of ours, shallow enough that nothing recursive overflows. */
const MAX_DEPTH = 16;

/**
 * Parses a request's body. Refuses what JSON.parse lets through and what has confused readers of JSON before: a key that
 * stands twice in one object (readers differ on which counts), the key that reaches an object's prototype, and deep nesting.
 * @throws ProblemError VALIDATION_FAILED
 */
export function parseJsonBody(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('the body is not JSON', 'Send a JSON object with content-type application/json');
  }
  checkKeys(text);
  return value;
}

/** Walks over text that is known to be valid JSON, and looks at nothing but nesting and keys. */
function checkKeys(text: string): void {
  /** For each open container its keys so far; null for an array. */
  const open: (Set<string> | null)[] = [];
  const strings = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g;
  for (let match = strings.exec(text); match !== null; match = strings.exec(text)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw malformed(`the body is nested deeper than ${MAX_DEPTH} levels`);
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
  return new ProblemError({ code: 'VALIDATION_FAILED', detail, ...(field === undefined ? {} : { field }), ...(hint === undefined ? {} : { hint }) });
}
