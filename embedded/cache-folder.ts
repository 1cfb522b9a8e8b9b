import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where fetched servers are kept, for all clones of this user. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'rollcall');
  const caches = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(caches, 'rollcall');
}
