import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, isProcessRecord, recordOf, type ProcessRecord } from './process-record.js';

/** While others take over the same stale lock: each step of theirs is a file operation. */
const PAUSE_MS = 10;
const ATTEMPTS = 300;

/** A living process has the lock. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';

  /** @param pid of the process that has it */
  constructor(
    readonly path: string,
    readonly pid: number,
  ) {
    super(`${path} is held by process ${pid}`);
  }
}

/**
 * Makes this process the only one that has the lock at `path`, a file beside which more files of that name's beginning may appear for a
 * moment. The lock of a process that is gone is taken over, by one of however many find it at once: who wants to remove a stale lock needs
 * the lock of that very removal first, which in turn is taken over from a process that died with it.
 * @returns gives the lock back
 * @throws LockHeld where a living process has it; an error of the file system where the folder cannot be written
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
    // A link appears whole or not at all, and never over an existing file.
    if (await linked(draft, path)) return;
    const text = await contentOf(path);
    if (text === undefined) continue;
    const holder = holderIn(text);
    if (holder && isAlive(holder)) throw new LockHeld(path, holder.pid);
    await removeStale(path, text, draft);
  }
  throw new Error(`the lock ${path} keeps changing hands`);
}

/** Removes the lock if it is still the stale one that we saw; nobody else can remove it meanwhile. */
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

/** Undefined for content that no process of ours wrote: such a lock has no holder. */
function holderIn(text: string): ProcessRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    return isProcessRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
