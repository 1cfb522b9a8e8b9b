import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pythonClient } from '../../../scripts/python-client.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const description = JSON.parse(read('openapi.json')) as Parameters<typeof pythonClient>[0];

test.each(Object.entries(pythonClient(description)))(
  'client-python/rollcall_client/%s matches openapi.json',
  (name, text) => {
    expect(read(`client-python/rollcall_client/${name}`)).toBe(text);
  },
);

test('the Python client has the version of all packages', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('client-python/pyproject.toml')).toContain(`\nversion = "${version}"\n`);
});
