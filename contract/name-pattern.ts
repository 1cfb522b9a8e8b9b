/**
 * Names of nodes, as a join token is bound to them: what names are made of, and `*` for any number of characters.
 * No regular expression: one that a person writes can take for ever, or mean more than they meant.
 */
export const NAME_PATTERN_SYNTAX = /^[a-z0-9*](?:[a-z0-9.*-]{0,61}[a-z0-9*])?$/;

/** Whether the whole of `name` is what `pattern` says. Takes at most pattern × name steps. */
export function matchesNamePattern(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let position = 0;
  while (position < name.length) {
    if (pattern[at] === '*') {
      [star, resume] = [at, position];
      at += 1;
    } else if (pattern[at] === name[position]) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      resume += 1;
      [at, position] = [star + 1, resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
