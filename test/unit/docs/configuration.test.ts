import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { CONFIG_KEYS } from '../../../contract/config/config-keys.js';
import { loadConfig } from '../../../contract/config/load-config.js';

const document = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const rows = document
  .split('\n')
  .flatMap((line) => /^\| `([A-Z]\w+(?:\.\w+)+)` \| (.+?) \| .+ \|$/.exec(line)?.slice(1, 3) ?? []);
const documented = new Map(
  Array.from({ length: rows.length / 2 }, (_, index) => [rows[2 * index] ?? '', rows[2 * index + 1] ?? ''] as const),
);

const keys = CONFIG_KEYS.map(({ path }) => path);
const valueOf = (config: object, key: string) =>
  key.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], config);

test('docs/configuration.md has a row for every key, and no others', () => {
  expect([...documented.keys()].toSorted()).toEqual(keys.toSorted());
});

describe('the default in docs/configuration.md is the default of', () => {
  test.each(keys)('%s', (key) => {
    const said = /^`(.+)`$/.exec(documented.get(key) ?? '')?.[1];
    const meant = valueOf(loadConfig({}), key);
    if (said === undefined) expect([undefined, [], {}]).toContainEqual(meant);
    else expect(valueOf(loadConfig({ flags: { [key]: said } }), key)).toEqual(meant);
  });
});
