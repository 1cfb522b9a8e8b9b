import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLATION } from '../../embedded/installation.js';

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: INSTALLATION, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });

/** Whether this clone has the commit: a shallow one has few. */
export function hasCommit(commit: string): boolean {
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds the programs of a commit with the packages of this one; without the page.
 * @param folder an empty folder
 * @returns the path of its `dist`
 */
export function formerBuild(commit: string, folder: string): string {
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  execFileSync('tar', ['-x', '-C', clone], { input: git('archive', commit) });
  symlinkSync(join(INSTALLATION, 'node_modules'), join(clone, 'node_modules'));
  execFileSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', '.', '--noCheck'], { cwd: clone });
  execFileSync(process.execPath, ['scripts/bundle-workflows.mjs'], { cwd: clone });
  return join(clone, 'dist');
}
