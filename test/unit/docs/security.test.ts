import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** docs/security.md promises a test for each guard. */

const ROOT = new URL('../../../', import.meta.url);
const guards = readFileSync(new URL('docs/security.md', ROOT), 'utf8').split('## Guards')[1] ?? '';
const quoted = [...guards.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');

test('every file that it names exists', () => {
  const files = quoted.map((text) => text.split(':')[0] ?? '').filter((text) => /^[\w-]+\/[\w./-]+\.ts$/.test(text));
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});

test('every test that it names exists', () => {
  const named = quoted.map((text) => /^(test\/[\w./-]+\.test\.ts): (.+)$/.exec(text)).filter((match) => match !== null);
  expect(named.length).toBeGreaterThan(30);
  // A title may be completed by each case; quotation marks within some are escaped.
  const isThere = (file: string, title: string) =>
    readFileSync(new URL(file, ROOT), 'utf8').replaceAll("\\'", "'").includes(title);
  expect(named.filter(([, file = '', title = '']) => !isThere(file, title)).map(([whole]) => whole)).toEqual([]);
});
