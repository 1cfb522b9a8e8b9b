import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockStateFolder } from '../../../agent/process/state-lock.js';
import { recordOf } from '../../../contract/process/process-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Another process, alive while `use` runs. */
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

/** Locks the folder for that process. */
async function lockOf(folder: string, pid: number): Promise<string> {
  const text = JSON.stringify(recordOf(pid));
  await writeFile(join(folder, 'agent.lock'), text);
  return text;
}

test('locks the folder, and unlocks it without a trace', async () => {
  const folder = await temporaryFolder();
  const unlock = await lockStateFolder(folder);
  expect(await readdir(folder)).toEqual(['agent.lock']);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test('refuses a second agent while the first lives', async () => {
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

test('takes over the lock of a killed agent', async () => {
  const folder = await temporaryFolder();
  await withProcess(async (pid) => void (await lockOf(folder, pid)));
  const unlock = await lockStateFolder(folder);
  expect(JSON.parse(await readFile(join(folder, 'agent.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test('does not mistake another process with the pid of a killed agent for it', async () => {
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

test('takes over a lock from another host, such as a replaced container', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'agent.lock'), JSON.stringify({ ...recordOf(process.pid), host: 'another-host' }));
  await (
    await lockStateFolder(folder)
  )();
});

test('fails with the reason when the folder is not writable', async () => {
  await expect(lockStateFolder('/proc')).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/^The state folder \/proc cannot be written: .*; set Compute\.StateDir/),
  });
});
