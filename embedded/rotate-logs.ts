import { copyFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';

const LARGE_BYTES = 10 * 2 ** 20;
const LOOK_EVERY_MS = 2_000;

/** Rotates large logs, one generation of each, while they are written to: writers append to the truncated file. */
export async function rotateLogs(home: Home, largeBytes = LARGE_BYTES): Promise<void> {
  for (const name of await readdir(home.logs)) {
    const path = join(home.logs, name);
    if (name.endsWith('.log') && (await stat(path)).size > largeBytes) await setAside(path);
  }
}

/** Starts it. @returns ends it */
export function keepLogsSmall(home: Home): () => void {
  const timer = setInterval(() => void rotateLogs(home).catch(() => undefined), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Lines written between copy and truncation are lost. If the disk has no room for the copy, it has none for the log. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.1`;
  await rm(aside, { force: true });
  await copyFile(path, aside).catch(() => rm(aside, { force: true }));
  await truncate(path);
}
