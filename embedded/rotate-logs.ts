import { copyFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';

const LARGE_BYTES = 10 * 2 ** 20;
const LOOK_EVERY_MS = 2_000;

/** Sets large logs aside, one generation of each, while they are written to: whoever writes appends to what is left of the file. */
export async function rotateLogs(home: Home, largeBytes = LARGE_BYTES): Promise<void> {
  for (const name of await readdir(home.logs)) {
    const path = join(home.logs, name);
    if (name.endsWith('.log') && (await stat(path)).size > largeBytes) await setAside(path);
  }
}

/** From now on. @returns ends it */
export function keepLogsSmall(home: Home): () => void {
  const timer = setInterval(() => void rotateLogs(home).catch(() => undefined), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** What is written between the copy and the cut is lost. A disk that has no room for the copy has none for the log. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.1`;
  await rm(aside, { force: true });
  await copyFile(path, aside).catch(() => rm(aside, { force: true }));
  await truncate(path);
}
