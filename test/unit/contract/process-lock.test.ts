import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LockHeld, lockFor } from '../../../contract/process/process-lock.js';
import { isAlive, isProcessRecord, recordOf } from '../../../contract/process/process-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** No kernel gives a process this number. */
const NOBODY = 4_194_305;
const self = () => {
  const record = recordOf(process.pid);
  if (!record) throw new Error('this process has no record');
  return record;
};

describe('a process record', () => {
  test('describes a living process', () => {
    expect(self()).toEqual({ pid: process.pid, identity: expect.any(String), host: hostname() });
    expect(isAlive(self())).toBe(true);
    expect(isAlive({ pid: self().pid, identity: self().identity })).toBe(true);
  });

  test('of a process that is gone does not exist, and an old one is not alive', () => {
    expect(recordOf(NOBODY)).toBeUndefined();
    expect(isAlive({ ...self(), pid: NOBODY })).toBe(false);
  });

  test("is not alive if its pid is another process's, or its host another", () => {
    expect(isAlive({ ...self(), identity: 'an earlier process' })).toBe(false);
    expect(isAlive({ ...self(), host: 'elsewhere' })).toBe(false);
  });

  test.each([
    [{ pid: 1, identity: 'a' }, true],
    [{ pid: 1.5, identity: 'a' }, false],
    [{ pid: '1', identity: 'a' }, false],
    [{ pid: 1, identity: 7 }, false],
    [{ pid: 1 }, false],
    [{ identity: 'a' }, false],
    ['text', false],
    [null, false],
  ])('is validated: %j %s', (value, is) => {
    expect(isProcessRecord(value)).toBe(is);
  });
});

describe('a lock', () => {
  test('is held by one process, and leaves nothing behind when it is released', async () => {
    const folder = await temporaryFolder();
    const lock = join(folder, 'lock');
    const unlock = await lockFor(lock);
    expect(await readdir(folder)).toEqual(['lock']);
    const refusal = lockFor(lock);
    await expect(refusal).rejects.toBeInstanceOf(LockHeld);
    await expect(refusal).rejects.toMatchObject({
      pid: process.pid,
      message: `${lock} is held by process ${process.pid}`,
    });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
    await (
      await lockFor(lock)
    )();
  });

  test.each([
    ['of a process that is gone', JSON.stringify({ pid: NOBODY, identity: 'gone' })],
    ['of another host', JSON.stringify({ ...self(), host: 'elsewhere' })],
    ['that holds something else', '{"pid":"me"}'],
    ['that was written in part', '{"pid":1'],
  ])('%s is taken over', async (_of, text) => {
    const folder = await temporaryFolder();
    const lock = join(folder, 'lock');
    await writeFile(lock, text);
    const unlock = await lockFor(lock);
    await expect(lockFor(lock)).rejects.toBeInstanceOf(LockHeld);
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  });

  test('in a missing folder is an error of the file system', async () => {
    await expect(lockFor(join(await temporaryFolder(), 'none', 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
