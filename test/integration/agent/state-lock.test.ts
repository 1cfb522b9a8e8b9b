import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockStateFolder } from '../../../agent/process/state-lock.js';
import { recordOf } from '../../../contract/process/process-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A process that is not this one, alive while `use` runs. */
async function withProcess(use: (pid: number) => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const pid = child.pid as number;
  try {
    await use(pid);
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
  return pid;
}

/** Makes the folder that process's. */
async function lockOf(folder: string, pid: number): Promise<string> {
  const text = JSON.stringify(recordOf(pid));
  await writeFile(join(folder, 'agent.lock'), text);
  return text;
}

test('the folder is taken, and given back without a trace', async () => {
  const folder = await temporaryFolder();
  const unlock = await lockStateFolder(folder);
  expect(await readdir(folder)).toEqual(['agent.lock']);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test('a second agent is refused while the first one lives', async () => {
  const folder = await temporaryFolder();
  await withProcess(async (pid) => {
    const lock = await lockOf(folder, pid);
    await expect(lockStateFolder(folder)).rejects.toMatchObject({
      exitCode: 1,
      message: `Another agent (pid ${pid}) uses the state folder ${folder}; stop it, or set Compute.StateDir to another folder`,
    });
    expect(await readdir(folder)).toEqual(['agent.lock']);
    expect(await readFile(join(folder, 'agent.lock'), 'utf8')).toBe(lock);
  });
});

test('the lock of an agent that was killed is taken over', async () => {
  const folder = await temporaryFolder();
  await withProcess(async (pid) => void (await lockOf(folder, pid)));
  const unlock = await lockStateFolder(folder);
  expect(JSON.parse(await readFile(join(folder, 'agent.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test('another process that has got the pid of a killed agent is not taken for it', async () => {
  const folder = await temporaryFolder();
  await withProcess(async (pid) => {
    await writeFile(join(folder, 'agent.lock'), JSON.stringify({ pid, identity: 'another boot/1', host: hostname() }));
    await (
      await lockStateFolder(folder)
    )();
  });
});

test.each(['', '{', '{"pid":"x"}', 'null'])('a lock that no agent wrote (%j) holds nobody off', async (text) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'agent.lock'), text);
  await (
    await lockStateFolder(folder)
  )();
});

test('a lock from another host, such as a container that was replaced, is taken over', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'agent.lock'), JSON.stringify({ ...recordOf(process.pid), host: 'another-host' }));
  await (
    await lockStateFolder(folder)
  )();
});

test('a folder that cannot be written is refused with the reason', async () => {
  await expect(lockStateFolder('/proc')).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/^The state folder \/proc cannot be written: .*; set Compute\.StateDir/),
  });
});
