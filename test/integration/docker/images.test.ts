import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Checks of the images that need no Docker: each is assembled as in the Dockerfile, and its programs are run. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const execute = promisify(execFile);

/** Instructions of each stage, continued lines joined. */
const stages = new Map(
  (await readFile(join(ROOT, 'Dockerfile'), 'utf8')).split(/^FROM /m).map((text) => {
    const [from = '', ...instructions] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return [from.split(' AS ')[1] ?? '', instructions];
  }),
);

function matches(stage: string, pattern: RegExp): string[] {
  return (stages.get(stage) ?? []).flatMap((line) => pattern.exec(line)?.[1] ?? []);
}

/** What `npm ci` of the stage installs, as paths from the root, according to npm. */
async function packagesOf(stage: string): Promise<string[]> {
  const [installs = ''] = matches(`${stage}-packages`, /^RUN npm ci (.*)$/);
  expect(installs).toContain('--omit=dev');
  const { stdout } = await execute('npm', ['ls', '--all', '--parseable', ...installs.split(' ')], {
    cwd: ROOT,
    maxBuffer: 64 * 2 ** 20,
  });
  const paths = stdout.split('\n').map((path) => relative(ROOT, path));
  return paths.filter((path) => path.startsWith('node_modules/') && !path.startsWith('node_modules/@rollcall/'));
}

/** A folder with the image's files. */
async function imageOf(stage: string): Promise<string> {
  const folder = join(await temporaryFolder(), stage);
  const copied = matches(stage, /^COPY --from=build \/rollcall\/(\S+) \.\/\1$/);
  for (const path of ['package.json', ...copied]) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  // Packages inside of others come with them.
  const packages = (await packagesOf(stage)).map((path) => path.split('/node_modules/')[0] ?? '');
  for (const path of new Set(packages)) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  return folder;
}

const IMPORT = /^(?:import|export)\b[^'";]* from '([^']+)';|^import '([^']+)';|\bimport\('([^']+)'\)/gm;

/** Imports of the image's dist that the image lacks, as `file: import`. */
async function missingOf(folder: string): Promise<string[]> {
  const files = (await readdir(join(folder, 'dist'), { recursive: true })).filter((name) => name.endsWith('.js'));
  const missing: string[] = [];
  // Files without a source are not built in an image.
  for (const file of files.filter((name) => existsSync(join(ROOT, name.replace(/\.js$/, '.ts'))))) {
    const path = join(folder, 'dist', file);
    for (const [, named, bare, dynamic] of (await readFile(path, 'utf8')).matchAll(IMPORT)) {
      const name = named ?? bare ?? dynamic ?? '';
      if (name.startsWith('node:')) continue;
      const [scope = '', rest = ''] = name.split('/');
      const target = name.startsWith('.')
        ? resolve(path, '..', name)
        : join(folder, 'node_modules', scope, name.startsWith('@') ? rest : '');
      if (!existsSync(target)) missing.push(`${file}: ${name}`);
    }
  }
  return missing;
}

async function run(folder: string, ...args: string[]) {
  return execute(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'] }, timeout: 60_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}

/** Packages that no compute node and no administrator's machine needs. */
const OF_THE_CONTROL_PLANE =
  /node_modules\/(@nestjs|@temporalio|mongoose|mongodb|fastify|webpack|@swc|typescript)(\/|$)/;
const FOR_TESTS_AND_STARTS = /node_modules\/(mongodb-memory-server-core|@temporalio\/testing|jest|vite)(\/|$)/;

describe('the image of the agent', () => {
  test('has no package of the control plane', async () => {
    const packages = await packagesOf('agent');
    expect(packages).toContain('node_modules/@duckdb/node-api');
    expect(packages.filter((path) => OF_THE_CONTROL_PLANE.test(path))).toEqual([]);
  });

  test('has everything that the agent imports, and runs it', async () => {
    const folder = await imageOf('agent');
    expect(await missingOf(folder)).toEqual([]);
    expect(await run(folder, 'dist/agent/main.js', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Compute.Orchestrators'),
    });
  });
});

describe('the image of the command', () => {
  test('has no package of the control plane, and no query engine', async () => {
    const packages = await packagesOf('cli');
    expect(packages).toContain('node_modules/commander');
    expect(packages.filter((path) => OF_THE_CONTROL_PLANE.test(path) || path.includes('duckdb'))).toEqual([]);
  });

  test('has everything that the command imports, and runs it', async () => {
    const folder = await imageOf('cli');
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await missingOf(folder)).toEqual([]);
    expect(await run(folder, 'dist/cli/main.js', 'version')).toEqual({
      code: 0,
      out: `rollcall ${version}\n`,
      err: '',
    });
    const { code, err } = await run(folder, 'dist/cli/main.js', 'sim');
    expect([code, err]).toEqual([1, expect.stringContaining('the simulator is a part of the agent')]);
  });
});

describe('the image of the control plane', () => {
  test('has no package that only tests or `npm start` need, and no query engine', async () => {
    const packages = await packagesOf('control-plane');
    expect(packages).toContain('node_modules/@nestjs/core');
    expect(packages.filter((path) => FOR_TESTS_AND_STARTS.test(path) || path.includes('duckdb'))).toEqual([]);
  });

  test('has everything that the api and the worker import, and runs them', async () => {
    const folder = await imageOf('control-plane');
    expect(await missingOf(folder)).toEqual([]);
    for (const program of ['dist/src/api.main.js', 'dist/src/worker.main.js']) {
      const { code, err } = await run(folder, program, '--set', 'Orchestrator.Nonsense=1');
      expect([program, code, err]).toEqual([program, 2, expect.stringContaining('Orchestrator.Nonsense')]);
    }
  });
});
