import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path as a shell would read it: `~` and `~/x` are in the user's home. Without a shell (`--home=~/x`, a file), `~` would be an ordinary folder's name. */
export function expandHome(path: string, home = homedir()): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
