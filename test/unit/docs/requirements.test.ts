import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const table = await readFile(new URL('docs/requirements.md', ROOT), 'utf8');
const quoted = [...table.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');

test('every file named in docs/requirements.md exists', () => {
  const files = quoted
    .map((text) => text.split(':')[0] ?? '')
    .filter((text) => /^[\w-]+\/[\w./-]+\.[a-z]+$/.test(text));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});

test('every test named in docs/requirements.md exists', async () => {
  const named = quoted.map((text) => /^(test\/[\w./-]+\.test\.ts): (.+)$/.exec(text)).filter((match) => match !== null);
  expect(named.length).toBeGreaterThan(40);
  const missing: string[] = [];
  for (const [whole, file = '', title = ''] of named) {
    const source = await readFile(new URL(file, ROOT), 'utf8').catch(() => '');
    // The beginning of a title is enough: some are long, or are completed by each case.
    if (!["'", '"', '`'].some((quote) => source.includes(quote + title))) missing.push(whole);
  }
  expect(missing).toEqual([]);
});

test('every row says where the requirement is met', () => {
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !/^\| (sentence|key) /.test(line));
  expect(
    rows.filter((row) =>
      row
        .split('|')
        .slice(2, -1)
        .every((cell) => cell.trim() === ''),
    ),
  ).toEqual([]);
});
