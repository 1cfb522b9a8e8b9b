import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { INSTALLATION } from '../embedded/installation.js';
import { UsageError } from './harness/command-line.js';
import { comparison } from './harness/comparison.js';
import type { Result } from './harness/report.js';

const ROUNDS = 3;
const run = promisify(execFile);

/**
 * `npm run bench compare BASE …`: builds another commit in a worktree, and runs the same benches of both alternately (A B A B), so that other
 * load of the machine affects both alike. The ratios are comparable, unlike figures of different days.
 * @param args BASE, then the arguments of each run, and `--rounds N`
 * @returns the table, in Markdown
 */
export async function compare(args: readonly string[], say: (line: string) => void): Promise<string> {
  const [base, ...rest] = args;
  if (base === undefined || base.startsWith('-'))
    throw new UsageError('compare which commit? npm run bench compare BASE [name…]');
  const { rounds, given } = readRounds(rest);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-compare-'));
  const tree = join(folder, 'base');
  try {
    say(`building ${base}`);
    await checkOut(base, tree);
    const sides = [
      { name: base, root: tree, results: [] as Result[][] },
      { name: 'here', root: INSTALLATION, results: [] as Result[][] },
    ];
    for (let round = 1; round <= rounds; round += 1)
      for (const { name, root, results } of sides) {
        say(`round ${round} of ${rounds}: ${name}`);
        results.push(await benchesOf(root, given, join(folder, `${results.length}-${name === 'here' ? 'b' : 'a'}`)));
      }
    const [before, after] = sides.map(({ results }) => results);
    return comparison(base, before ?? [], after ?? []);
  } finally {
    await git('worktree', 'remove', '--force', tree).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

function readRounds(args: readonly string[]): { rounds: number; given: string[] } {
  const at = args.indexOf('--rounds');
  if (at < 0) return { rounds: ROUNDS, given: [...args] };
  const rounds = Number(args[at + 1]);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds: how many times each is run');
  return { rounds, given: args.toSpliced(at, 2) };
}

/** Uses the packages of this tree, so that a difference is one of the code. */
async function checkOut(commit: string, tree: string): Promise<void> {
  await git('diff', '--quiet', commit, '--', 'package-lock.json').catch(() => {
    throw new UsageError(`${commit} is no commit, or has other packages than this one`);
  });
  await git('worktree', 'add', '--quiet', '--detach', tree, commit);
  for (const folder of ['.', 'agent', 'cli', 'client', 'contract', 'embedded', 'web']) {
    const packages = join(INSTALLATION, folder, 'node_modules');
    if (existsSync(packages)) await symlink(packages, join(tree, folder, 'node_modules'));
  }
  for (const step of [['node_modules/typescript7/bin/tsc', '-p', '.'], ['scripts/bundle-workflows.mjs']])
    await run(process.execPath, step, { cwd: tree });
}

function git(...args: string[]): Promise<unknown> {
  return run('git', args, { cwd: INSTALLATION });
}

async function benchesOf(root: string, given: readonly string[], out: string): Promise<Result[]> {
  const main = join(root, 'dist', 'bench', 'main.js');
  // A commit from before the option existed does not have it.
  const { stdout: help } = await run(process.execPath, [main, '--help']);
  const known = help.includes('--busy') ? given : given.filter((option) => option !== '--busy');
  const child = spawn(process.execPath, [main, ...known, '--out', out], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the benches of ${root} ended with exit code ${code}`);
  const files = (await readdir(out)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(out, file), 'utf8')) as Result));
}
