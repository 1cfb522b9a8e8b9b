import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { AuditLine } from '../../../src/retention/audit-sink.js';
import { FileSink } from '../../../src/retention/file-sink.js';
import { NOON } from '../../support/manual-clock.js';
import { SmallDisk } from '../../support/small-disk.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const line = (id: string, reason = ''): AuditLine => ({
  kind: 'event',
  id,
  at: NOON,
  fields: { type: 'NodeApproved', reason },
});
const lines = async (path: string) =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text) as { id: string });
const ids = async (path: string) => (await lines(path)).map(({ id }) => id);

test('appends each batch as JSON lines, readable by its owner only', async () => {
  const path = join(await temporaryFolder(), 'audit.jsonl');
  const sink = new FileSink(path, 1);
  await sink.keep([line('a', 'line\nbreak')]);
  await sink.keep([line('b')]);
  expect(await lines(path)).toEqual([
    { kind: 'event', id: 'a', at: '2027-01-01T12:00:00.000Z', type: 'NodeApproved', reason: 'line\nbreak' },
    expect.objectContaining({ id: 'b' }),
  ]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('rotates a large file, and loses no line', async () => {
  const folder = await temporaryFolder();
  const sink = new FileSink(join(folder, 'audit.jsonl'), 1);
  for (let batch = 0; batch < 6; batch += 1) await sink.keep([line(`${batch}`, 'x'.repeat(400_000))]);
  const files = await readdir(folder);
  expect(files.length).toBe(3);
  for (const file of files) expect((await stat(join(folder, file))).size).toBeLessThan(2 ** 20);
  expect((await Promise.all(files.map((file) => ids(join(folder, file))))).flat().toSorted()).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

test('removes the partial line of a killed process, and nothing else', async () => {
  const path = join(await temporaryFolder(), 'audit.jsonl');
  const sink = new FileSink(path, 1);
  await sink.keep([line('a')]);
  await appendFile(path, '{"kind":"event","id":"b","at":"20');
  await sink.keep([line('b')]);
  expect(await ids(path)).toEqual(['a', 'b']);
  await writeFile(path, 'somebody’s words');
  await sink.keep([line('c')]);
  expect(await readFile(path, 'utf8')).toMatch(/^somebody’s words\n\{"kind":"event","id":"c".*\n$/);
});

test('reports a full disk, leaves no partial batch, and continues when there is room', async () => {
  const disk = SmallDisk.mount(1);
  if (!disk) return;
  try {
    const path = join(disk.path, 'audit.jsonl');
    const sink = new FileSink(path, 100);
    await sink.keep([line('a')]);
    await disk.fill();
    const large = [line('b', 'x'.repeat(3_000)), line('c', 'x'.repeat(3_000))];
    await expect(sink.keep(large)).rejects.toThrow('ENOSPC');
    expect(await ids(path)).toEqual(['a']);
    disk.free();
    await sink.keep(large);
    expect(await ids(path)).toEqual(['a', 'b', 'c']);
  } finally {
    disk.unmount();
  }
});
