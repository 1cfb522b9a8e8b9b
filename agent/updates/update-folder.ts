import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_VERSION_PATTERN } from '../../contract/agent-version.js';
import type { AGENT_UPDATE_STATES } from '../../contract/schemas/agents.js';

type UpdateState = (typeof AGENT_UPDATE_STATES)[number];

/** What became of the update that was asked for last. */
export interface LastUpdate {
  /** Of the rollout that asked for it. */
  id: string;
  version: string;
  state: UpdateState;
  /** Why, where it was refused or failed. */
  reason: string;
  /** How often it was tried. */
  attempts: number;
}

/** The version that runs instead of the one that was installed. */
export interface CurrentVersion {
  version: string;
  id: string;
  /** The installed version that it took the place of: once that is another, somebody has installed the agent anew. */
  base: string;
}

/** Whether it names a version. */
export function isVersion(text: string): boolean {
  return AGENT_VERSION_PATTERN.test(text);
}

/**
 * `updates` in the state folder: `versions/VERSION/` with the files of a package each, `incoming/` while one is fetched, and notes. Each note
 * is replaced whole, so that after a crash the old or the new one is there.
 */
export class UpdateFolder {
  readonly root: string;

  constructor(stateDir: string) {
    this.root = join(stateDir, 'updates');
  }

  get incoming(): string {
    return join(this.root, 'incoming');
  }

  /** @throws Error where it is no version */
  versionFolder(version: string): string {
    if (!isVersion(version)) throw new Error(`${version} is no version`);
    return join(this.root, 'versions', version);
  }

  /** What starts an agent of this version. */
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

  /** How often in a row the current version was started and not heard. */
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

  /** Removes what a crash left half fetched, and versions that are neither current nor among these. */
  async sweep(keep: readonly string[]): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true });
    const versions = join(this.root, 'versions');
    const names = await readdir(versions).catch(() => []);
    for (const name of names)
      if (name !== this.current?.version && !keep.includes(name))
        await rm(join(versions, name), { recursive: true, force: true });
  }

  /** Undefined where there is none, or none that can be read: it is made anew. */
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
