import { homedir } from 'node:os';
import { join } from 'node:path';

/** Expands `~` and `~/x` to the user's home, as a shell would. Where no shell does (`--home=~/x`, a file), `~` would be an ordinary folder's name. */
export function expandHome(path: string, home = homedir()): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
