import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeFolder } from '../../support/remove-folder.js';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DEPCRUISE = join(ROOT, 'node_modules', '.bin', 'depcruise');

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

/** Violations of the layout's arrows in the tree at `root`, as `rule: from → to`. */
export async function brokenArrows(root: string, folders: string[]): Promise<string[]> {
  const options = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  // The exit code is the number of violations; the report is on stdout either way.
  const { stdout } = await promisify(execFile)(process.execPath, [DEPCRUISE, ...options, ...folders], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: unknown) => {
    if (error instanceof Error && 'stdout' in error && String(error.stdout).startsWith('{'))
      return { stdout: String(error.stdout) };
    throw error;
  });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  // A package is named as in the tree, wherever node_modules really is.
  return summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} → ${to.replace(/^.*(?=node_modules\/)/, '')}`,
  );
}

export interface Layout {
  root: string;
  folders: string[];
  remove(): Promise<void>;
}

/** A small tree with the layout's folders and this one's packages; call `remove` when done. */
export async function layoutOf(files: Record<string, string>): Promise<Layout> {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-arrows-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await cp(join(ROOT, 'tsconfig.json'), join(root, 'tsconfig.json'));
  const { workspaces } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
  for (const folder of ['.', ...workspaces])
    await cp(join(ROOT, folder, 'package.json'), join(root, folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const folders = [...new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf('/'))))];
  return { root, folders, remove: () => removeFolder(root) };
}
