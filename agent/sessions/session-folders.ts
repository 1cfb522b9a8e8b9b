import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochMs } from '../../contract/states.js';
import { spillFolder } from './duckdb-options.js';
import { resultPath } from './result-writer.js';
import type { EndedSession, LiveSession } from './session-engine.js';

const SESSION_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What is kept of a session until the cluster has heard of its end. */
export type SessionNote = { live: LiveSession } | { ended: EndedSession };

/** A folder per session: a note until the cluster has heard of its end, and its result for as long as results are kept. */
export class SessionFolders {
  private readonly root: string;

  constructor(stateDir: string) {
    this.root = join(stateDir, 'sessions');
  }

  /** @returns the session's folder, which exists now */
  async begin(live: LiveSession): Promise<string> {
    const folder = this.of(live.id);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.note(live.id, { live });
    return folder;
  }

  /** Keeps its outcome and result, and removes spilled data. */
  async end(ended: EndedSession): Promise<void> {
    const folder = this.of(ended.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.note(ended.id, { ended });
    await rm(spillFolder(folder), { recursive: true, force: true });
    if (ended.resultFile === null) await rm(resultPath(folder), { force: true });
  }

  /** The cluster has heard of its end: only the result stays. */
  async forget(id: string): Promise<void> {
    const folder = this.of(id);
    if ((await modified(resultPath(folder))) === undefined) await rm(folder, { recursive: true, force: true });
    else await rm(notePath(folder), { force: true });
  }

  /** Notes that an earlier process left behind. */
  async notes(): Promise<SessionNote[]> {
    const notes: SessionNote[] = [];
    for (const id of await this.ids()) {
      const note = parseNote(await readFile(notePath(this.of(id)), 'utf8').catch(() => ''));
      if (note) notes.push(note);
    }
    return notes;
  }

  /** Removes results that were written before a time, and folders that hold neither a result nor a note. */
  async sweep(before: EpochMs, isLive: (id: string) => boolean): Promise<void> {
    for (const id of await this.ids()) {
      const folder = this.of(id);
      if (isLive(id)) continue;
      const written = await modified(resultPath(folder));
      if (written !== undefined && written < before) await rm(resultPath(folder), { force: true });
      const isEmpty = written === undefined || written < before;
      if (isEmpty && (await modified(notePath(folder))) === undefined)
        await rm(folder, { recursive: true, force: true });
    }
  }

  private of(id: string): string {
    // Ids come from other machines, and this one becomes a path.
    if (!SESSION_ID.test(id)) throw new Error(`"${id}" is no session id`);
    return join(this.root, id);
  }

  private async ids(): Promise<string[]> {
    return (await readdir(this.root).catch(() => [])).filter((name) => SESSION_ID.test(name));
  }

  /** Atomic: an agent that is killed while it writes leaves the earlier note. */
  private async note(id: string, note: SessionNote): Promise<void> {
    const path = notePath(this.of(id));
    await writeFile(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

function notePath(folder: string): string {
  return join(folder, 'session.json');
}

async function modified(path: string): Promise<EpochMs | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

function parseNote(text: string): SessionNote | undefined {
  try {
    const note = JSON.parse(text) as Partial<{ live: LiveSession; ended: EndedSession }>;
    if (note.live !== undefined) return { live: note.live };
    return note.ended === undefined ? undefined : { ended: note.ended };
  } catch {
    return undefined;
  }
}
