import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { LEVELS } from '../../../scripts/test-levels.mjs';
import { ROOT } from './documents.js';

const cwd = fileURLToPath(ROOT);

test('every test file is in the folder of a level, so that a project runs it', () => {
  const files = globSync('test/**/*.test.ts', { cwd });
  expect(files.length).toBeGreaterThan(190);
  expect(files.filter((file) => !LEVELS.includes(file.split('/')[1] ?? ''))).toEqual([]);
});

test('every file that may be retried exists', () => {
  const named = readFileSync(new URL('.ci/tried-twice', ROOT), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('test/'));
  expect(named.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});
