/**
 * A pattern for names of nodes, to which a join token is bound: characters of names, and `*` for any number of characters.
 * Not a regular expression: one that a person writes can take for ever, or match more than intended.
 */
export const NAME_PATTERN_SYNTAX = /^[a-z0-9*](?:[a-z0-9.*-]{0,61}[a-z0-9*])?$/;

/** Names of maintenance windows and approval rules. */
export const RESOURCE_NAME_SYNTAX = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether the whole of `name` matches `pattern`. Takes at most pattern × name steps. */
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
      // Let the last star take one character more.
      resume += 1;
      [at, position] = [star + 1, resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
