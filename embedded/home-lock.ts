import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';
import { isAlive, isProcessRecord, recordOf, type ProcessRecord } from './process-record.js';
import { StartupError } from './startup-error.js';

/** Two starts can find the same stale lock at once; one of a few attempts gets through. */
const ATTEMPTS = 5;

/**
 * Makes this process the only one that runs the home's cluster. A lock whose process is gone is taken over.
 * @returns what releases the lock
 * @throws StartupError where another process holds it
 */
export async function lockHome(home: Home): Promise<() => Promise<void>> {
  const lock = join(home.state, 'lock');
  const draft = `${lock}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(recordOf(process.pid)), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A link appears whole or not at all, and never over an existing file.
      if (await succeeds(link(draft, lock), 'EEXIST')) return () => rm(lock, { force: true });
      const holder = await holderOf(lock);
      if (holder && isAlive(holder)) throw heldBy(home, holder);
      await setAside(lock, holder);
    }
    throw new StartupError(`The lock ${lock} keeps changing hands: other starts of the same home are under way.`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves a stale lock out of the way, unless it was replaced by a live one between our look and now: that one is put back. */
async function setAside(lock: string, stale: ProcessRecord | undefined): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  if (!(await succeeds(rename(lock, aside), 'ENOENT'))) return;
  const moved = await holderOf(aside);
  if (moved && moved.identity !== stale?.identity && isAlive(moved)) await succeeds(link(aside, lock), 'EEXIST');
  await rm(aside, { force: true });
}

async function holderOf(lock: string): Promise<ProcessRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(lock, 'utf8'));
    return isProcessRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

async function succeeds(operation: Promise<void>, expected: string): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false;
    throw error;
  }
}

function heldBy(home: Home, holder: ProcessRecord): StartupError {
  return new StartupError(
    `Rollcall runs in ${home.path} already (process ${holder.pid}); stop that one first, or start a second cluster with --home DIR and --port N.`,
  );
}
