import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Makes a tar.gz of a tree, reproducibly: the same tree gives the same file.
 * @param {string} tree
 * @param {string} file
 * @param {number} date in seconds
 */
export async function makeArchive(tree, file, date) {
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${date}`, '--format=gnu'];
  await promisify(execFile)('tar', [
    '--create',
    '--file',
    file,
    '--use-compress-program=gzip -n',
    ...same,
    '-C',
    tree,
    '.',
  ]);
}
