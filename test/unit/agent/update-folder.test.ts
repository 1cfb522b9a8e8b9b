import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { UpdateFolder } from '../../../agent/updates/update-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test.each(['../1.0.0', '1.0', '1.0.0/..', '', '1.0.0-', '1.0.0-a/b'])('takes %j for no version', async (text) => {
  expect(() => new UpdateFolder('/state').versionFolder(text)).toThrow('is no version');
});

test('removes incomplete downloads, and versions that are not used', async () => {
  const folder = new UpdateFolder(await temporaryFolder());
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await mkdir(folder.versionFolder(version), { recursive: true });
  await mkdir(folder.incoming);
  await folder.use({ version: '1.2.0', id: 'abc', base: '1.0.0' });
  await folder.sweep(['1.1.0']);
  expect(['1.0.0', '1.1.0', '1.2.0'].map((version) => existsSync(folder.versionFolder(version)))).toEqual([
    false,
    true,
    true,
  ]);
  expect(existsSync(folder.incoming)).toBe(false);
});

test('ignores a damaged note', async () => {
  const folder = new UpdateFolder(await temporaryFolder());
  await folder.note({ id: 'abc', version: '1.1.0', state: 'DONE', reason: '', attempts: 1 });
  for (const name of ['current.json', 'last.json', 'starts.json']) await writeFile(join(folder.root, name), '{"ver');
  expect([folder.current, folder.last, folder.starts]).toEqual([undefined, undefined, 0]);
});

test('resets the number of starts when another version becomes current', async () => {
  const folder = new UpdateFolder(await temporaryFolder());
  await folder.use({ version: '1.1.0', id: 'abc', base: '1.0.0' });
  await folder.countStarts(2);
  await folder.use({ version: '1.2.0', id: 'abd', base: '1.0.0' });
  expect([folder.starts, folder.current?.version]).toEqual([0, '1.2.0']);
});
