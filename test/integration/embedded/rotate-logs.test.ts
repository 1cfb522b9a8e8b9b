import { readFile, stat } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Home } from '../../../embedded/home.js';
import { ManagedProcess } from '../../../embedded/managed-process.js';
import { rotateLogs } from '../../../embedded/rotate-logs.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const LARGE = 20_000;

test('a log is rotated while its process writes to it, and its last words are still known', async () => {
  const home = await Home.open(await temporaryFolder());
  const talks =
    'let n = 0; setInterval(() => console.log("line " + n++ + " " + "x".repeat(100)), 1); process.on("SIGTERM", () => { console.error("the last word"); process.exit(3); });';
  const talker = new ManagedProcess(home, {
    name: 'talker',
    command: process.execPath,
    args: ['-e', talks],
    stopWithinMs: 20_000,
  });
  const log = home.logOf('talker');
  const sizeOf = async (path: string) => (await stat(path)).size;
  try {
    for (const round of [1, 2]) {
      await eventually(async () => expect([round, (await sizeOf(log)) > LARGE]).toEqual([round, true]));
      const before = await sizeOf(log);
      await rotateLogs(home, LARGE);
      expect(await sizeOf(`${log}.1`)).toBeGreaterThanOrEqual(before);
    }
    await eventually(async () => expect(await sizeOf(log)).toBeGreaterThan(0));
    const [aside, left] = [await readFile(`${log}.1`, 'utf8'), await readFile(log, 'utf8')];
    // Whole lines of the second round, without a hole where the first ones were.
    expect(aside.split('\n').length).toBeGreaterThan(LARGE / 200);
    expect(left.startsWith('\0')).toBe(false);
    expect(left).toMatch(/line \d+ x{100}\n/);
    expect((await stat(`${log}.1`)).mode & 0o077).toBe(0);
  } finally {
    await talker.stop();
  }
  expect((await talker.exited).lastWords.at(-1)).toBe('the last word');
});
