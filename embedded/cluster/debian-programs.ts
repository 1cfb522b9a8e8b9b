import { existsSync } from 'node:fs';
import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { StartupError } from '../startup-error.js';

const POSTGRES_VERSIONS = '/usr/lib/postgresql';
/** Debian's folders of administrators' programs, which may not be on PATH. */
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Paths of the operating system's programs. */
export interface DebianPrograms {
  /** Folder of initdb and postgres. */
  postgresBin: string;
  haproxy: string;
}

/**
 * Finds the programs of Debian packages.
 * @throws StartupError with one sentence that names the missing packages
 */
export async function findDebianPrograms(env: NodeJS.ProcessEnv = process.env): Promise<DebianPrograms> {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...SBIN];
  const versions = await readdir(POSTGRES_VERSIONS).catch(() => []);
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one));
  const initdb = await lookUp('initdb', [
    ...folders,
    ...newestFirst.map((version) => join(POSTGRES_VERSIONS, version, 'bin')),
  ]);
  const haproxy = await lookUp('haproxy', folders);
  const openssl = await lookUp('openssl', folders);
  const missing = [
    ...(initdb === undefined ? ['postgresql'] : []),
    ...(haproxy === undefined ? ['haproxy'] : []),
    ...(openssl === undefined ? ['openssl'] : []),
  ];
  if (initdb !== undefined && haproxy !== undefined && missing.length === 0)
    return { postgresBin: join(initdb, '..'), haproxy };
  throw new StartupError(
    `npm run cluster needs what is not installed here: apt-get install ${missing.join(' ')} (Debian's names; as root).`,
  );
}

async function lookUp(command: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, command);
    if (!existsSync(path)) continue;
    const mayRun = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayRun) return path;
  }
  return undefined;
}
