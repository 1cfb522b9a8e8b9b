import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { useApi } from '../../support/api/api-under-test.js';
import { expectedOf, runScenario } from '../../support/client/run-scenario.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = join(import.meta.dirname, '../../..');
const SCENARIO = 'test/support/client/scenario.mjs';
const run = promisify(execFile);

const api = useApi();
let folder: string;
const installed = (path: string) => join(folder, 'node_modules/@rollcall/client', path);

beforeAll(async () => {
  folder = await temporaryFolder();
  const packed = await run('npm', ['pack', '--json', '--workspace', 'client', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [{ filename: string }];
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], {
    cwd: folder,
  });
  await copyFile(join(ROOT, SCENARIO), join(folder, 'scenario.mjs'));
});

test('the package has its licence, its manual and built code, no source and no dependencies', async () => {
  const manifest = JSON.parse(await readFile(installed('package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: '@rollcall/client', license: 'Apache-2.0' });
  expect([manifest['dependencies'], manifest['private']]).toEqual([undefined, undefined]);
  const files = (await readdir(installed(''), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(installed(''), join(parentPath, name)));
  expect(files).toEqual(expect.arrayContaining(['README.md', 'dist/LICENSE', 'dist/main.js', 'dist/main.d.ts']));
  expect(files.filter((path) => !/^(package\.json|README\.md|dist\/(LICENSE|.*\.js|.*\.d\.ts))$/.test(path))).toEqual(
    [],
  );
});

test('installed elsewhere, it does what clients do', async () => {
  expect(await runScenario(api, 'ts', { command: process.execPath, args: ['scenario.mjs'], cwd: folder })).toEqual(
    expectedOf('ts'),
  );
});

test('its types are those that a program is checked against', async () => {
  const tsc = join(ROOT, 'node_modules/typescript7/bin/tsc');
  const options = '--noEmit --strict --allowJs --checkJs --module nodenext --target es2023 --types node'.split(' ');
  const typeRoots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
  await run(process.execPath, [tsc, ...options, ...typeRoots, 'scenario.mjs'], { cwd: folder });
  await writeFile(
    join(folder, 'wrong.mts'),
    "import { connect } from '@rollcall/client';\nawait connect({ server: '', token: '' }).getNode({ path: { name: 'node-1' } });\n",
  );
  const checked = run(process.execPath, [tsc, ...options, ...typeRoots, 'wrong.mts'], { cwd: folder });
  await expect(checked).rejects.toMatchObject({ stdout: expect.stringContaining("'name' does not exist") });
});
