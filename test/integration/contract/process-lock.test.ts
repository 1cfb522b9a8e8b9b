import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LockHeld, lockFor } from '../../../contract/process/process-lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const GONE = JSON.stringify({ pid: 4_194_304, identity: 'gone' });
const removalOf = (lock: string, text: string) =>
  `${lock}.${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;

test('exactly one of many processes takes over a stale lock, again and again', async () => {
  for (let round = 0; round < 30; round += 1) {
    const lock = join(await temporaryFolder(), 'lock');
    await writeFile(lock, GONE);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFor(lock)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LockHeld);
  }
});

test('a process that took over a stale lock keeps it while it lives', async () => {
  const folder = await temporaryFolder();
  const lock = join(folder, 'lock');
  await writeFile(lock, GONE);
  const program = `
    const { lockFor } = await import(${JSON.stringify(new URL('../../../dist/contract/process/process-lock.js', import.meta.url).href)});
    await new Promise((resolve) => process.stdin.once('data', resolve));
    try { await lockFor(${JSON.stringify(lock)}); process.stdout.write('mine\\n'); } catch (error) { process.stdout.write(error.name + '\\n'); }
    await new Promise((resolve) => process.stdin.once('end', resolve));`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const answers = children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim());
  for (const child of children) child.stdin.write('go\n');
  const said = await Promise.all(answers);
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => once(child, 'exit')));
  expect(said.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'LockHeld'), 'mine']);
});

test('a process that died while it took over a stale lock blocks nobody', async () => {
  const folder = await temporaryFolder();
  const lock = join(folder, 'lock');
  await writeFile(lock, GONE);
  await writeFile(removalOf(lock, GONE), JSON.stringify({ pid: 4_194_303, identity: 'gone too' }));
  const unlock = await lockFor(lock);
  expect(await readdir(folder)).toEqual(['lock']);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});
