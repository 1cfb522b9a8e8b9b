import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, isProcessRecord, recordOf, type ProcessRecord } from './process-record.js';

/** How long to wait while others take over the same stale lock; each of their steps is a file operation. */
const PAUSE_MS = 10;
const ATTEMPTS = 300;

/** A living process holds the lock. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';

  /** @param pid of the process that holds it */
  constructor(
    readonly path: string,
    readonly pid: number,
  ) {
    super(`${path} is held by process ${pid}`);
  }
}

/**
 * Locks the file at `path` for this process; temporary files with that name as a prefix may appear beside it. The lock of a process that is
 * gone is taken over, by exactly one of those that find it at once: removing a stale lock requires the lock of that removal, which in turn is
 * taken over from a process that died with it.
 * @returns releases the lock
 * @throws LockHeld if a living process holds it; a file system error if the folder is not writable
 */
export async function lockFor(path: string): Promise<() => Promise<void>> {
  const self = recordOf(process.pid);
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ ...self, nonce: draft.slice(-12) }), { mode: 0o600, flag: 'wx' });
  try {
    await take(path, draft);
    return () => rm(path, { force: true });
  } finally {
    await rm(draft, { force: true });
  }
}

async function take(path: string, draft: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // A link appears atomically, and never replaces an existing file.
    if (await linked(draft, path)) return;
    const text = await contentOf(path);
    if (text === undefined) continue;
    const holder = holderIn(text);
    if (holder && isAlive(holder)) throw new LockHeld(path, holder.pid);
    await removeStale(path, text, draft);
  }
  throw new Error(`the lock ${path} keeps changing hands`);
}

/** Removes the lock if it is still the stale one that was seen; nobody else can remove it meanwhile. */
async function removeStale(path: string, text: string, draft: string): Promise<void> {
  const removal = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  try {
    await take(removal, draft);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    await delay(PAUSE_MS);
    return;
  }
  try {
    if ((await contentOf(path)) === text) await rm(path, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined for content that no process of Rollcall wrote: such a lock has no holder. */
function holderIn(text: string): ProcessRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    return isProcessRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
