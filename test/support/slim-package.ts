import { createHash, createPrivateKey, sign } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeArchive } from '../../packaging/archive.mjs';
import { debianArchitecture } from '../../packaging/debian-package.mjs';
import { program } from '../../embedded/installation.js';
import { removeFolder } from './remove-folder.js';

export interface SlimPackage {
  version?: string;
  /** PEM of the keys whose packages its agent accepts. */
  keys?: string;
  /** Lines of sh that run instead of this clone's agent. */
  instead?: string;
}

/**
 * A folder of packages like that of `npm run package`, made in a tenth of a second: the agent's archive has a command that runs the agent
 * of this clone under the package's version.
 * @returns name of the archive
 */
export async function makeSlimPackages(
  folder: string,
  { version = '9.9.9', keys, instead }: SlimPackage = {},
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'rollcall-slim-'));
  await laySlimAgent(scratch, {
    version,
    ...(keys !== undefined && { keys }),
    ...(instead !== undefined && { instead }),
  });
  const name = `rollcall-agent_${version}_${debianArchitecture()}.tar.gz`;
  await makeArchive(scratch, join(folder, name), 0);
  await removeFolder(scratch);
  await writeChecksums(folder);
  return name;
}

/** An installed agent of a version, below a folder. @returns its command */
export async function laySlimAgent(root: string, { version = '9.9.9', keys, instead }: SlimPackage): Promise<string> {
  const bin = join(root, 'usr', 'bin');
  const home = join(root, 'usr', 'lib', 'rollcall-agent');
  await mkdir(bin, { recursive: true });
  await mkdir(home, { recursive: true });
  const dist = dirname(dirname(program('agent/main.js')));
  await symlink(dist, join(home, 'dist'));
  await symlink(join(dirname(dist), 'node_modules'), join(home, 'node_modules'));
  await writeFile(join(home, 'package.json'), JSON.stringify({ name: 'rollcall', version, type: 'module' }));
  if (keys !== undefined) await writeFile(join(home, 'update-keys.pem'), keys);
  const command = join(bin, 'rollcall-agent');
  const node = `'${process.execPath}' --preserve-symlinks --preserve-symlinks-main`;
  await writeFile(
    command,
    `#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")/../lib/rollcall-agent\n${instead ?? `exec ${node} "$here/dist/agent/main.js" "$@"`}\n`,
  );
  await chmod(command, 0o755);
  return command;
}

/** Signs the folder's packages. @param privateKey PEM */
export async function signPackages(folder: string, privateKey: string): Promise<void> {
  const list = await readFile(join(folder, 'SHA256SUMS'));
  await writeFile(join(folder, 'SHA256SUMS.sig'), sign(null, list, createPrivateKey(privateKey)).toString('base64'));
}

export async function writeChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tar.gz')).toSorted();
  const lines = await Promise.all(
    names.map(async (name) => {
      const sum = createHash('sha256').update(await readFile(join(folder, name)));
      return `${sum.digest('hex')}  ${name}\n`;
    }),
  );
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
}
