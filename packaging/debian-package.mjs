import { execFile } from 'node:child_process';
import { chmod, cp, lutimes, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
/** Libraries that the programs' Node.js is linked with. */
const DEPENDS = 'libc6 (>= 2.28), libstdc++6 (>= 8)';
const SCRIPTS = ['postinst', 'prerm', 'postrm'];

/** Debian's name of this architecture. */
export function debianArchitecture() {
  return ARCHITECTURES[process.arch] ?? process.arch;
}

/**
 * Makes a .deb of a tree.
 * @param {string} tree to which its control files are added
 * @param {string} scripts folder of the maintainer scripts
 * @param {import('./packages.mjs').Package} about
 * @param {string} version
 * @param {number} date in seconds
 * @param {string} file
 */
export async function makeDebianPackage(tree, scripts, about, version, date, file) {
  const control = join(tree, 'DEBIAN');
  await mkdir(control);
  await writeFile(join(control, 'control'), controlOf(about, version, await installedKilobytes(tree)));
  for (const script of SCRIPTS.filter((name) => existsSync(join(scripts, name)))) {
    await cp(join(scripts, script), join(control, script));
    await chmod(join(control, script), 0o755);
  }
  await datePaths(tree, date);
  await promisify(execFile)('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(date) },
  });
}

/** @returns {string} */
function controlOf({ name, summary, description, recommends }, version, kilobytes) {
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${debianArchitecture()}`,
    'Maintainer: the Rollcall maintainers <maintainers@rollcall.invalid>',
    `Installed-Size: ${kilobytes}`,
    `Depends: ${DEPENDS}`,
    ...(recommends.length === 0 ? [] : [`Recommends: ${recommends.join(', ')}`]),
    'Section: admin',
    'Priority: optional',
    `Description: ${summary}`,
    ` ${description}`,
    '',
  ].join('\n');
}

async function installedKilobytes(tree) {
  const files = await readdir(tree, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const file of files.filter((entry) => entry.isFile()))
    bytes += (await stat(join(file.parentPath, file.name))).size;
  return Math.ceil(bytes / 1_024);
}

async function datePaths(tree, date) {
  for (const path of [...(await readdir(tree, { recursive: true })), '.']) await lutimes(join(tree, path), date, date);
}
