import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { npmPackages } from './npm-packages.mjs';
import { ROOT } from './places.mjs';

/** Files of packages that only developers need. */
const FOR_DEVELOPERS = /\.(d\.[cm]?ts|[cm]?ts|map|tsbuildinfo|md|markdown)$/i;
const LICENCES = /^(licen[cs]e|notice|copying)/i;
/** Temporal's library comes for every platform. */
const OF_OTHER_PLATFORMS = /\/@temporalio\/core-bridge\/releases\/([^/]+)/;

/**
 * Puts a program into a tree: its files and packages with a Node.js below usr/lib, commands in usr/bin. The tree can be anywhere.
 * @param {string} tree
 * @param {string} name of its folder
 * @param {import('./packages.mjs').Program} program
 */
export async function layProgram(tree, name, program) {
  const home = join(tree, 'usr', 'lib', name);
  const packages = await npmPackages(['--omit=dev', ...program.install]);
  // Packages inside of others come with them.
  const outer = new Set(packages.map((path) => path.split('/node_modules/')[0] ?? ''));
  for (const path of ['package.json', 'LICENSE', ...program.files, ...outer])
    await cp(join(ROOT, path), join(home, path), { recursive: true, filter: (source) => isOfUse(source) });
  await mkdir(join(home, 'bin'));
  await cp(process.execPath, join(home, 'bin', 'node'));
  await chmod(join(home, 'bin', 'node'), 0o755);
  await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
  for (const [command, file] of Object.entries(program.commands)) {
    const path = join(tree, 'usr', 'bin', command);
    await writeFile(path, launcher(name, file));
    await chmod(path, 0o755);
  }
}

/** @param {string} source */
function isOfUse(source) {
  const path = source.slice(ROOT.length);
  const [, platform] = OF_OTHER_PLATFORMS.exec(path) ?? [];
  if (platform !== undefined && !platform.startsWith(temporalPlatform())) return false;
  if (LICENCES.test(basename(path))) return true;
  if (FOR_DEVELOPERS.test(path)) return false;
  // dist may contain files without a source, until somebody removes them.
  const built = /^\/dist\/((?:src|agent|client|contract|activities)\/.*)\.js$/.exec(path);
  return built === null || existsSync(join(ROOT, `${built[1]}.ts`));
}

function temporalPlatform() {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return process.platform === 'darwin' ? `${machine}-apple` : `${machine}-unknown-linux-gnu`;
}

/** @param {string} name @param {string} file */
function launcher(name, file) {
  return `#!/bin/sh
# Runs on the Node.js that came with it.
here=$(dirname -- "$(readlink -f -- "$0")")/../lib/${name}
exec "$here/bin/node" "$here/${file}" "$@"
`;
}
