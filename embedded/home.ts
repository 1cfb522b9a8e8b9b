import { chmod, mkdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from './startup-error.js';
import { writePrivate } from './write-private.js';

/** Minimum free space: mongod alone writes some hundred megabytes of journal before the first node is there. */
const LEAST_FREE_BYTES = 500 * 2 ** 20;

/** The folder with all state of one cluster, accessible to its owner only. */
export class Home {
  private constructor(readonly path: string) {}

  /**
   * Creates the folder if it does not exist.
   * @throws StartupError if it cannot be used
   */
  static async open(path: string): Promise<Home> {
    const home = new Home(path);
    try {
      for (const folder of [
        path,
        home.logs,
        home.secrets,
        home.state,
        home.mongo,
        home.temporal,
        join(path, 'agents'),
      ]) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
      }
      await chmod(path, 0o700);
      await home.demandSpace();
    } catch (error) {
      throw sentenceFor(path, error);
    }
    return home;
  }

  get logs() {
    return join(this.path, 'logs');
  }

  get secrets() {
    return join(this.path, 'secrets');
  }

  get state() {
    return join(this.path, 'state');
  }

  get mongo() {
    return join(this.path, 'mongo');
  }

  get temporal() {
    return join(this.path, 'temporal');
  }

  get configFile() {
    return join(this.path, 'config.yaml');
  }

  get contextFile() {
    return join(this.path, 'context.json');
  }

  get adminTokenFile() {
    return join(this.secrets, 'admin-token');
  }

  agent(name: string) {
    return join(this.path, 'agents', name);
  }

  logOf(component: string) {
    return join(this.logs, `${component}.log`);
  }

  /** A value that an earlier start left in `state`; undefined if there is none. */
  async remembered(name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(this.state, `${name}.json`), 'utf8'));
    } catch {
      // Missing, or truncated by a crash: remembered values are a convenience only.
      return undefined;
    }
  }

  async remember(name: string, value: unknown): Promise<void> {
    await writePrivate(join(this.state, `${name}.json`), `${JSON.stringify(value)}\n`);
  }

  /** @throws StartupError if the disk is nearly full */
  async demandSpace(): Promise<void> {
    const free = await this.#freeBytes();
    if (free >= LEAST_FREE_BYTES) return;
    const left = Math.floor(free / 2 ** 20);
    throw new StartupError(
      `The disk that holds ${this.path} is full (${left} MB left, ${LEAST_FREE_BYTES / 2 ** 20} MB needed): free some space, or choose another home with --home DIR.`,
    );
  }

  /** Whether the disk has room; true if that cannot be determined. */
  async hasRoom(): Promise<boolean> {
    return this.#freeBytes().then(
      (free) => free >= LEAST_FREE_BYTES,
      () => true,
    );
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path);
    return bavail * bsize;
  }

  async has(path: string): Promise<boolean> {
    return stat(path).then(
      () => true,
      () => false,
    );
  }
}

function sentenceFor(path: string, error: unknown): unknown {
  const reasons: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the disk is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a file of that name is in the way',
    ENOSPC: 'the disk is full',
  };
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
  return reason === undefined
    ? error
    : new StartupError(`The home ${path} cannot be used: ${reason}; choose another with --home DIR.`);
}
