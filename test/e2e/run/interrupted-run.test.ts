import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { INSTALLATION } from '../../../embedded/installation.js';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What a run prints when all its processes are there. */
interface Told {
  worker: number;
  folder: string;
  pids: number[];
}

const RUN_ITSELF =
  "import('./scripts/jest.mjs').then(async ({ jest }) => process.exit(await jest(process.argv.slice(1))))";
const ARGUMENTS = ['--selectProjects', 'e2e', '--testMatch', '<rootDir>/test/e2e/run/leaves-processes.ts', '--silent'];
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const COMES_UP_WITHIN_MS = 60_000;

let run: ChildProcess | undefined;
afterEach(() => {
  if (run?.exitCode === null) run.kill('SIGKILL');
});

/** Starts a run in a process group, like a terminal does, and waits until its processes are there. */
async function begun(args: string[], env: Record<string, string> = {}): Promise<Told> {
  const file = join(await temporaryFolder(), 'pids');
  // A run within this one would only be ended by this run's reaper.
  const { ROLLCALL_TEST_RUN: _ours, JEST_WORKER_ID: _id, ...inherited } = process.env;
  const withoutRun = ['-u', 'ROLLCALL_TEST_RUN', process.execPath, ...args, ...ARGUMENTS];
  run = spawn('env', withoutRun, {
    cwd: INSTALLATION,
    detached: true,
    stdio: 'ignore',
    env: { ...inherited, ...env, ROLLCALL_PIDS_FILE: file },
  });
  return eventually(async () => JSON.parse(await readFile(file, 'utf8')) as Told, COMES_UP_WITHIN_MS);
}

/** Processes whose environment names the run, and those that it printed. */
async function left({ folder, pids }: Told): Promise<number[]> {
  const all = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const environments = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  const marked = all.filter((_, index) => environments[index]?.includes(`ROLLCALL_TEST_RUN=${folder}\0`));
  return [...new Set([...pids, ...marked])].filter((pid) => processIdentity(pid) !== undefined);
}

test('Ctrl-C ends a run with stopped servers and agents, and leaves no process and no file of it', async () => {
  const told = await begun(['-e', RUN_ITSELF, '--'], { ROLLCALL_WITH_CLUSTER: '1' });
  // The cluster's six, the sleepers, the servers of the run.
  expect((await left(told)).length).toBeGreaterThan(8);
  const gone = once(run as ChildProcess, 'exit');
  process.kill(-(run?.pid ?? 0), 'SIGINT');
  await gone;
  expect(await left(told)).toEqual([]);
  expect(existsSync(told.folder)).toBe(false);
}, 240_000);

test.each([
  ['npm test itself', () => run?.pid ?? 0],
  ['the process that runs the tests', ({ worker }: Told) => worker],
])(
  'kill -9 of %s leaves nothing either',
  async (_title, victim) => {
    const told = await begun(['-e', RUN_ITSELF, '--']);
    process.kill(victim(told), 'SIGKILL');
    await eventually(async () => expect(await left(told)).toEqual([]));
    await eventually(() => expect(existsSync(told.folder)).toBe(false));
  },
  240_000,
);

test('so does kill -9 of jest that was run without npm test', async () => {
  const told = await begun([...JEST]);
  run?.kill('SIGKILL');
  await eventually(async () => expect(await left(told)).toEqual([]));
  await eventually(() => expect(existsSync(told.folder)).toBe(false));
}, 240_000);
