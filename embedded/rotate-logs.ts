import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';

const LARGE_BYTES = 10 * 2 ** 20;

/** Sets large logs aside, one generation of each: called at a start, when nobody writes to them. */
export async function rotateLogs(home: Home): Promise<void> {
  for (const name of await readdir(home.logs)) {
    const path = join(home.logs, name);
    if (name.endsWith('.log') && (await stat(path)).size > LARGE_BYTES) await rename(path, `${path}.1`);
  }
}
