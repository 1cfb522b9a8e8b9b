import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { WORKFLOWS_OF_A_CLUSTER } from '../../../src/temporal/namespace-taken.js';

const byName = (one = '', other = '') => one.localeCompare(other);
const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('the query for remains of a lost cluster names every type of workflow, in the message and in the docs', async () => {
  const types = [...(await read('workflows/index.ts')).matchAll(/^export \{ (\w+) \}/gm)].map(([, type]) => type);
  const named = [...WORKFLOWS_OF_A_CLUSTER.matchAll(/'(\w+)'/g)].map(([, type]) => type);
  expect(named.toSorted(byName)).toEqual(types.toSorted(byName));
  expect(await read('docs/operations.md')).toContain(`--query "${WORKFLOWS_OF_A_CLUSTER}"`);
});
