import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { Home } from '../../../embedded/home.js';
import { INSTALLATION } from '../../../embedded/installation.js';
import { KeptProcess } from '../../../embedded/kept-process.js';
import { ManagedProcess, type Exit } from '../../../embedded/managed-process.js';
import type { StartupError } from '../../../embedded/startup-error.js';
import { eventually } from '../../support/eventually.js';
import { SmallDisk } from '../../support/small-disk.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const shell = (script: string) => ({ name: 'api', command: '/bin/sh', args: ['-c', script], stopWithinMs: 300 });
const probe = SmallDisk.mount(1);
probe?.unmount();
/** Mounting requires root. */
const onSmallDisk = probe ? test : test.skip;
const never = new AbortController().signal;

function listener() {
  const restarts: Exit[] = [];
  const unresponsive: number[] = [];
  let lose: (failure: StartupError) => void;
  let restarted: () => void;
  const lost = new Promise<StartupError>((resolve) => (lose = resolve));
  const firstRestart = new Promise<void>((resolve) => (restarted = resolve));
  return {
    restarts,
    unresponsive,
    lost,
    firstRestart,
    keeper: {
      restarting: (_name: string, exit: Exit) => {
        restarts.push(exit);
        restarted();
      },
      unresponsive: (_name: string, forMs: number) => void unresponsive.push(forMs),
      lost: (failure: StartupError) => lose(failure),
    },
  };
}

describe('a process', () => {
  test('that ignores SIGTERM is killed after its time', async () => {
    const home = await Home.open(await temporaryFolder());
    const process = new ManagedProcess(home, shell('trap "" TERM; echo deaf; while :; do sleep 0.05; done'));
    while (!(await readFile(home.logOf('api'), 'utf8')).includes('deaf')) await delay(10);
    await process.stop();
    expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  test('whose command is missing has exited, instead of throwing', async () => {
    const home = await Home.open(await temporaryFolder());
    const process = new ManagedProcess(home, { ...shell(''), command: '/nowhere/mongod' });
    expect(await process.exited).toMatchObject({ code: 127 });
  });

  test('is recorded before it runs, and no longer once it has ended', async () => {
    const home = await Home.open(await temporaryFolder());
    const process = new ManagedProcess(home, shell(`cat ${home.state}/process-api.json; echo " $$"`));
    await process.exited;
    const [record, pid] = (await readFile(home.logOf('api'), 'utf8')).trim().split(/ (?=\d+$)/);
    expect(JSON.parse(record ?? '')).toMatchObject({ pid: Number(pid) });
    expect(await readdir(home.state)).toEqual([]);
  });

  test('that cannot be recorded does not run', async () => {
    const home = await Home.open(await temporaryFolder());
    // A folder in place of the temporary file: writing fails for root too.
    await mkdir(`${home.state}/process-api.json.${process.pid}`);
    const managed = new ManagedProcess(home, shell('echo it runs'));
    expect(await managed.exited).toMatchObject({
      code: 127,
      lastWords: [expect.stringMatching(/^it cannot be put on record: /)],
    });
    expect(await readFile(home.logOf('api'), 'utf8')).toBe('');
  });

  test('does not run if the supervisor dies before it is recorded', async () => {
    const home = await Home.open(await temporaryFolder());
    const ours = (file: string) => JSON.stringify(pathToFileURL(`${INSTALLATION}/dist/embedded/${file}.js`).href);
    // Ends in the very turn in which the process is created.
    const supervisor = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      import { writeSync } from 'node:fs';
      const { Home } = await import(${ours('home')});
      const { ManagedProcess } = await import(${ours('managed-process')});
      const home = await Home.open(${JSON.stringify(home.path)});
      const managed = new ManagedProcess(home, { name: 'api', command: '/bin/sh', args: ['-c', 'echo it runs'], stopWithinMs: 300 });
      writeSync(1, String(managed.pid));
      process.kill(process.pid, 'SIGKILL');
    `,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = Number(await text(supervisor.stdout));
    expect(pid).toBeGreaterThan(0);
    await eventually(() => expect(processIdentity(pid)).toBeUndefined());
    expect(await readFile(home.logOf('api'), 'utf8')).toBe('');
  });

  test('appends to its log, and its last words are those of this run', async () => {
    const home = await Home.open(await temporaryFolder());
    await new ManagedProcess(home, shell('echo first')).exited;
    const { lastWords } = await new ManagedProcess(home, shell('echo \'{"level":50,"msg":"second"}\' >&2')).exited;
    expect(lastWords).toEqual(['second']);
    expect(await readFile(home.logOf('api'), 'utf8')).toBe('first\n{"level":50,"msg":"second"}\n');
  });
});

describe('a kept process', () => {
  test('is not restarted if it dies before it is up, and its last words are reported', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, restarts } = listener();
    const kept = new KeptProcess(home, shell('echo Port 80 is in use; exit 1'), keeper);
    await expect(kept.up(() => Promise.resolve(false), 5_000, never)).rejects.toThrow(
      /^api failed with exit code 1; its log, .*api\.log, ends:\n {4}Port 80 is in use$/,
    );
    expect(restarts).toEqual([]);
    await kept.stop();
  });

  test('is restarted when it dies, until it is stopped', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, restarts, firstRestart } = listener();
    const kept = new KeptProcess(home, shell('exit 1'), keeper);
    kept.assumeUp();
    await firstRestart;
    await kept.stop();
    expect(restarts).toHaveLength(1);
  });

  test('without a port is probed over its channel, and restarted when it hangs', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, firstRestart, restarts } = listener();
    const module = JSON.stringify(pathToFileURL(`${INSTALLATION}/dist/contract/process/answers-parent.js`).href);
    const program = `const { answerParent } = await import(${module}); answerParent(); setInterval(() => {}, 1_000);`;
    const answered: boolean[] = [];
    let current: ManagedProcess | undefined;
    const kept = new KeptProcess(
      home,
      {
        name: 'worker',
        command: process.execPath,
        args: ['--input-type=module', '-e', program],
        stopWithinMs: 300,
        hasChannel: true,
      },
      keeper,
      {
        answers: async (child) => {
          current = child;
          const answers = await child.answers();
          answered.push(answers);
          return answers;
        },
        everyMs: 20,
        patienceMs: 10_000,
      },
    );
    kept.assumeUp();
    await eventually(() => expect(answered).toContain(true));
    expect(restarts).toEqual([]);
    process.kill(current?.pid ?? 0, 'SIGSTOP');
    await firstRestart;
    expect(restarts[0]).toMatchObject({ signal: 'SIGKILL' });
    const before = answered.length;
    await eventually(() => expect(answered.slice(before)).toContain(true));
    await kept.stop();
  });

  test('is killed and restarted when it no longer answers', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, firstRestart, restarts, unresponsive } = listener();
    const kept = new KeptProcess(home, shell('trap "" TERM; while :; do sleep 0.05; done'), keeper, {
      answers: () => Promise.reject(new Error('no answer')),
      everyMs: 20,
      patienceMs: 100,
    });
    await kept.up(() => Promise.resolve(true), 5_000, never);
    await firstRestart;
    await kept.stop();
    expect(restarts[0]).toMatchObject({ signal: 'SIGKILL' });
    expect(unresponsive[0]).toBeGreaterThanOrEqual(100);
  });

  test('is left alone if it answers now and then', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, restarts, unresponsive } = listener();
    let asked = 0;
    const kept = new KeptProcess(home, shell('while :; do sleep 0.05; done'), keeper, {
      answers: () => Promise.resolve((asked += 1) % 2 === 0),
      everyMs: 50,
      patienceMs: 1_000,
    });
    await kept.up(() => Promise.resolve(true), 5_000, never);
    await eventually(() => expect(asked).toBeGreaterThan(30));
    await kept.stop();
    expect({ restarts, unresponsive }).toEqual({ restarts: [], unresponsive: [] });
  });

  onSmallDisk('that dies again and again while the disk is full is not given up', async () => {
    const disk = SmallDisk.mount(600);
    if (!disk) throw new Error('a disk could be mounted a moment ago');
    const runs = async (home: Home) => {
      const { pid } = JSON.parse(await readFile(`${home.state}/process-api.json`, 'utf8')) as { pid: number };
      if (processIdentity(pid) === undefined) throw new Error('it does not run');
      return pid;
    };
    try {
      const home = await Home.open(disk.path);
      const { keeper, restarts } = listener();
      const kept = new KeptProcess(home, shell('exec sleep 600'), keeper);
      await kept.up(() => runs(home).then(() => true), 5_000, never);
      await disk.fill();
      for (let deaths = 1; deaths <= 7; deaths += 1) {
        process.kill(await eventually(() => runs(home), 30_000), 'SIGKILL');
        await eventually(() => expect(restarts).toHaveLength(deaths));
      }
      await eventually(() => runs(home), 30_000);
      await kept.stop();
    } finally {
      disk.unmount();
    }
  });

  test('with an invalid configuration is lost at once, since another start would read the same', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, lost, restarts } = listener();
    const kept = new KeptProcess(home, shell('echo Orchestrator.API.Prot is no key; exit 2'), keeper);
    kept.assumeUp();
    expect((await lost).message).toContain('Orchestrator.API.Prot is no key');
    expect(restarts).toEqual([]);
    await kept.stop();
  });
});
