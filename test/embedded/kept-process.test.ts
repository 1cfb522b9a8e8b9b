import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Home } from '../../embedded/home.js';
import { KeptProcess } from '../../embedded/kept-process.js';
import { ManagedProcess, type Exit } from '../../embedded/managed-process.js';
import type { StartupError } from '../../embedded/startup-error.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const shell = (script: string) => ({ name: 'api', command: '/bin/sh', args: ['-c', script], stopWithinMs: 300 });
const never = new AbortController().signal;

function listener() {
  const restarts: Exit[] = [];
  let lose: (failure: StartupError) => void;
  let restarted: () => void;
  const lost = new Promise<StartupError>((resolve) => (lose = resolve));
  const firstRestart = new Promise<void>((resolve) => (restarted = resolve));
  return {
    restarts,
    lost,
    firstRestart,
    keeper: {
      restarting: (_name: string, exit: Exit) => {
        restarts.push(exit);
        restarted();
      },
      lost: (failure: StartupError) => lose(failure),
    },
  };
}

describe('a process', () => {
  test('that ignores SIGTERM is ended when its time is up', async () => {
    const home = await Home.open(await temporaryFolder());
    const process = new ManagedProcess(home, shell('trap "" TERM; echo deaf; while :; do sleep 0.05; done'));
    while (!(await readFile(home.logOf('api'), 'utf8')).includes('deaf')) await delay(10);
    await process.stop();
    expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  test('whose command is not there has exited, rather than throwing somewhere', async () => {
    const home = await Home.open(await temporaryFolder());
    const process = new ManagedProcess(home, { ...shell(''), command: '/nowhere/mongod' });
    expect(await process.exited).toMatchObject({ code: 127 });
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
  test('that dies before it is up is not started again, and its last words are told', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, restarts } = listener();
    const kept = new KeptProcess(home, shell('echo Port 80 is in use; exit 1'), keeper);
    await expect(kept.up(() => Promise.resolve(false), 5_000, never)).rejects.toThrow(/^api failed with exit code 1; its log, .*api\.log, ends:\n {4}Port 80 is in use$/);
    expect(restarts).toEqual([]);
    await kept.stop();
  });

  test('is started again when it dies, and stopping ends that', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, restarts, firstRestart } = listener();
    const kept = new KeptProcess(home, shell('exit 1'), keeper);
    kept.assumeUp();
    await firstRestart;
    await kept.stop();
    expect(restarts).toHaveLength(1);
  });

  test('with a wrong configuration is lost at once: another start would read the same', async () => {
    const home = await Home.open(await temporaryFolder());
    const { keeper, lost, restarts } = listener();
    const kept = new KeptProcess(home, shell('echo Orchestrator.API.Prot is no key; exit 2'), keeper);
    kept.assumeUp();
    expect((await lost).message).toContain('Orchestrator.API.Prot is no key');
    expect(restarts).toEqual([]);
    await kept.stop();
  });
});
