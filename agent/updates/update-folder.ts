import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_VERSION_PATTERN } from '../../contract/drain-set.js';
import type { AGENT_UPDATE_STATES } from '../../contract/schemas/agents.js';

type UpdateState = (typeof AGENT_UPDATE_STATES)[number];

/** Outcome of the last requested update. */
export interface LastUpdate {
  /** Id of the rollout that requested it. */
  id: string;
  version: string;
  state: UpdateState;
  /** Reason, if it was refused or failed. */
  reason: string;
  /** Number of attempts. */
  attempts: number;
}

/** The version that runs in place of the installed one. */
export interface CurrentVersion {
  version: string;
  id: string;
  /** The installed version that it replaced: if another is installed now, somebody has reinstalled the agent. */
  base: string;
}

/** Whether it is a valid version. */
export function isVersion(text: string): boolean {
  return AGENT_VERSION_PATTERN.test(text);
}

/**
 * The folder `updates` in the state folder: `versions/VERSION/` with the files of a package each, `incoming/` during a download, and notes. Notes
 * are replaced atomically, so that after a crash the old or the new one is there.
 */
export class UpdateFolder {
  readonly root: string;

  constructor(stateDir: string) {
    this.root = join(stateDir, 'updates');
  }

  get incoming(): string {
    return join(this.root, 'incoming');
  }

  /** @throws Error if it is not a version */
  versionFolder(version: string): string {
    if (!isVersion(version)) throw new Error(`${version} is no version`);
    return join(this.root, 'versions', version);
  }

  /** Command that starts an agent of this version. */
  launcher(version: string): string {
    return join(this.versionFolder(version), 'usr', 'bin', 'rollcall-agent');
  }

  get current(): CurrentVersion | undefined {
    const current = this.read('current.json') as CurrentVersion | undefined;
    return current !== undefined && isVersion(current.version) ? current : undefined;
  }

  get last(): LastUpdate | undefined {
    return this.read('last.json') as LastUpdate | undefined;
  }

  /** Number of starts in a row of the current version without an accepted heartbeat. */
  get starts(): number {
    const note = this.read('starts.json') as { starts: number } | undefined;
    return note?.starts ?? 0;
  }

  async use(current: CurrentVersion | undefined): Promise<void> {
    await this.write('starts.json', undefined);
    await this.write('current.json', current);
  }

  note(last: LastUpdate): Promise<void> {
    return this.write('last.json', last);
  }

  countStarts(starts: number): Promise<void> {
    return this.write('starts.json', starts === 0 ? undefined : { starts });
  }

  /** Removes downloads interrupted by a crash, and versions that are neither current nor among these. */
  async sweep(keep: readonly string[]): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true });
    const versions = join(this.root, 'versions');
    const names = await readdir(versions).catch(() => []);
    for (const name of names)
      if (name !== this.current?.version && !keep.includes(name))
        await rm(join(versions, name), { recursive: true, force: true });
  }

  /** Undefined if there is none, or it is unreadable: then it is written anew. */
  private read(name: string): object | undefined {
    try {
      const note: unknown = JSON.parse(readFileSync(join(this.root, name), 'utf8'));
      return typeof note === 'object' && note !== null ? note : undefined;
    } catch {
      return undefined;
    }
  }

  private async write(name: string, note: object | undefined): Promise<void> {
    const path = join(this.root, name);
    if (note === undefined) return rm(path, { force: true });
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(note)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }
}
