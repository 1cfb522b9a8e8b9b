import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './places.mjs';

/**
 * The packages that `npm ci` with these arguments installs for this platform, according to npm.
 * @param {string[]} install such as `--omit=dev --workspace agent`
 * @returns {Promise<string[]>} paths from the root of this clone
 */
export async function npmPackages(install) {
  const { stdout } = await promisify(execFile)('npm', ['ls', '--all', '--parseable', ...install], {
    cwd: ROOT,
    maxBuffer: 64 * 2 ** 20,
  });
  const paths = stdout.split('\n').map((path) => relative(ROOT, path));
  // Workspaces are links to folders of this clone; programs reach them by their files.
  return paths.filter((path) => path.startsWith('node_modules/') && !path.startsWith('node_modules/@rollcall/'));
}
