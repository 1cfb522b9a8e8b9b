import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { adminToken } from '../../../embedded/admin-token.js';
import { endLeftovers } from '../../../embedded/end-leftovers.js';
import { lockHome } from '../../../embedded/home-lock.js';
import { Home } from '../../../embedded/home.js';
import { isAlive, recordOf } from '../../../contract/process/process-record.js';
import { Progress } from '../../../embedded/progress.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const silent = new Progress({ write: () => undefined });

async function sleeper() {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid as number;
  return { child, record: recordOf(pid) as { pid: number; identity: string } };
}

describe('the home', () => {
  test('is accessible to its owner only, even if the folder existed before', async () => {
    const path = join(await temporaryFolder(), 'home');
    await mkdir(path, { mode: 0o755 });
    await Home.open(path);
    for (const folder of ['.', 'secrets', 'state', 'logs', 'mongo', 'temporal', 'agents']) {
      expect((await stat(join(path, folder))).mode & 0o077).toBe(0);
    }
  });

  test('that cannot be created is one sentence with the remedy', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(Home.open(join(file, 'home'))).rejects.toThrow(
      /^The home .*file\/home cannot be used: a part of the path is a file; choose another with --home DIR\.$/,
    );
  });

  test("keeps its administrator's token in a private file", async () => {
    const home = await Home.open(await temporaryFolder());
    const first = await adminToken(home.adminTokenFile);
    expect(first).toEqual({ isNew: true, token: expect.stringMatching(/^rca_[0-9a-f]{16}_[\w-]{43}$/) });
    expect((await stat(home.adminTokenFile)).mode & 0o777).toBe(0o600);
    expect(await adminToken(home.adminTokenFile)).toEqual({ isNew: false, token: first.token });
  });
});

describe('the lock', () => {
  test('refuses a second supervisor of the same home until the first has gone', async () => {
    const home = await Home.open(await temporaryFolder());
    const unlock = await lockHome(home);
    await expect(lockHome(home)).rejects.toThrow(`Rollcall runs in ${home.path} already (process ${process.pid})`);
    await unlock();
    await (
      await lockHome(home)
    )();
  });

  test.each([
    ['of a process that is gone', (self: object) => ({ ...self, pid: 4_194_304 })],
    ['of an earlier process with the same pid', (self: object) => ({ ...self, identity: 'an earlier boot' })],
    ['that holds half a record', () => 'half'],
  ])('is taken over if it is %s', async (_title, forge) => {
    const home = await Home.open(await temporaryFolder());
    await writeFile(join(home.state, 'lock'), JSON.stringify(forge(recordOf(process.pid) as object)));
    await (
      await lockHome(home)
    )();
    expect(await readdir(home.state)).toEqual([]);
  });

  test('goes to one of many that start at once', async () => {
    const home = await Home.open(await temporaryFolder());
    await writeFile(join(home.state, 'lock'), '{"pid":4194304,"identity":"gone"}');
    const outcomes = await Promise.allSettled([lockHome(home), lockHome(home), lockHome(home)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('processes that a killed supervisor left', () => {
  test('are ended, by their record', async () => {
    const home = await Home.open(await temporaryFolder());
    const { child, record } = await sleeper();
    const gone = once(child, 'exit');
    await home.remember('process-api', record);
    await endLeftovers(home, silent);
    expect((await gone)[1]).toBe('SIGTERM');
    expect(isAlive(record)).toBe(false);
    expect(await readdir(home.state)).toEqual([]);
  });

  test('are left alone if the pid belongs to another process by now', async () => {
    const home = await Home.open(await temporaryFolder());
    const { child, record } = await sleeper();
    await home.remember('process-api', { ...record, identity: 'an earlier boot' });
    await endLeftovers(home, silent);
    expect(isAlive(record)).toBe(true);
    child.kill();
  });
});

test('a home on a read-only disk is one sentence', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o500);
  const outcome = Home.open(join(folder, 'home'));
  // Root may write everywhere.
  if (process.getuid?.() === 0) await expect(outcome).resolves.toBeInstanceOf(Home);
  else await expect(outcome).rejects.toThrow('this user may not write there');
});
