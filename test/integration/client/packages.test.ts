import { execFile, spawnSync } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { useApi } from '../../support/api/api-under-test.js';
import { expectedOf, runScenario } from '../../support/client/run-scenario.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { type Answer, type FakeApi, problem, startFakeApi } from '../../support/cli/fake-api.js';

/** The public clients, as they are installed: in TypeScript and in Python. */

const ROOT = join(import.meta.dirname, '../../..');
const SCENARIO = 'test/support/client/scenario.mjs';
const ENV = { PYTHONPATH: join(ROOT, 'client-python'), PYTHONDONTWRITEBYTECODE: '1' };
const execute = promisify(execFile);

const api = useApi();

describe('the TypeScript client', () => {
  let folder: string;
  const installed = (path: string) => join(folder, 'node_modules/@rollcall/client', path);

  beforeAll(async () => {
    folder = await temporaryFolder();
    const packed = await execute('npm', ['pack', '--json', '--workspace', 'client', '--pack-destination', folder], {
      cwd: ROOT,
    });
    const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [{ filename: string }];
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], {
      cwd: folder,
    });
    await copyFile(join(ROOT, SCENARIO), join(folder, 'scenario.mjs'));
  });

  test('the package has its licence, manual and built code, no source and no dependencies', async () => {
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

  test('works when it is installed elsewhere', async () => {
    expect(await runScenario(api, 'ts', { command: process.execPath, args: ['scenario.mjs'], cwd: folder })).toEqual(
      expectedOf('ts'),
    );
  });

  test('has types that programs are checked against', async () => {
    const tsc = join(ROOT, 'node_modules/typescript7/bin/tsc');
    const options = '--noEmit --strict --allowJs --checkJs --module nodenext --target es2023 --types node'.split(' ');
    const typeRoots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
    await execute(process.execPath, [tsc, ...options, ...typeRoots, 'scenario.mjs'], { cwd: folder });
    await writeFile(
      join(folder, 'wrong.mts'),
      "import { connect } from '@rollcall/client';\nawait connect({ server: '', token: '' }).getNode({ path: { name: 'node-1' } });\n",
    );
    const checked = execute(process.execPath, [tsc, ...options, ...typeRoots, 'wrong.mts'], { cwd: folder });
    await expect(checked).rejects.toMatchObject({ stdout: expect.stringContaining("'name' does not exist") });
  });
});

/** The client needs NotRequired, of Python 3.11. */
const hasPython = spawnSync('python3', ['-c', 'from typing import NotRequired']).status === 0;
const describeWithPython = hasPython ? describe : describe.skip;

describeWithPython('the Python client (where python3 is 3.11 or later)', () => {
  test('works', async () => {
    const scenario = { command: 'python3', args: ['test/support/client/scenario.py'], cwd: ROOT, env: ENV };
    expect(await runScenario(api, 'py', scenario)).toEqual(expectedOf('py'));
  });
});

describeWithPython('the Python client, of an api that fails', () => {
  let failing: FakeApi;
  afterEach(() => failing.stop());

  /** Output of a line of Python, with an api that gives each of the answers once and the last one repeatedly. */
  async function printed(answers: Answer[], expression: string): Promise<unknown> {
    const left = [...answers];
    failing = await startFakeApi(() => (left.length > 1 ? left.shift() : left[0]) ?? { body: {} });
    const program = [
      'import json, rollcall_client as rc',
      `rollcall = rc.Rollcall(${JSON.stringify(failing.url)}, "rca_x", attempts=3)`,
      'def refusal(call):',
      '    try: call()',
      '    except rc.RollcallError as error: return [type(error).__name__, getattr(error, "code", None), error.status, error.passes]',
      `print(json.dumps(${expression}))`,
    ].join('\n');
    const { stdout } = await execute('python3', ['-c', program], { env: { PATH: process.env['PATH'], ...ENV } });
    return JSON.parse(stdout);
  }

  const AT_ONCE = { headers: { 'retry-after': '0' } };
  const busy = (status = 503, code = 'UNAVAILABLE'): Answer => ({ ...problem(status, code, 'try again'), ...AT_ONCE });
  const keys = () => new Set(failing.asked.map(({ headers }) => headers['idempotency-key']));
  const CREATE = 'rollcall.create_node(body={"name": "node-1"})';
  const KEY_IN_USE: Answer = { ...problem(409, 'IDEMPOTENCY_KEY_REUSED', 'under way'), ...AT_ONCE };

  test('repeats a change with the same key and body until it is done, and waits for its own first attempt', async () => {
    const answers = [busy(429, 'TOO_MANY_REQUESTS'), KEY_IN_USE, { status: 201, body: { bootstrapToken: 'rcb_x' } }];
    expect(await printed(answers, CREATE)).toEqual({ bootstrapToken: 'rcb_x' });
    expect(keys()).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
    expect(failing.asked.map(({ body }) => body)).toEqual(Array(3).fill({ name: 'node-1' }));
  });

  test.each<[string, Answer, string, unknown[], number]>([
    ['so often', busy(), 'rollcall.list_nodes', ['RollcallProblem', 'UNAVAILABLE', 503, true], 3],
    [
      'no longer than there is patience',
      { ...busy(), headers: { 'retry-after': '61' } },
      'rollcall.list_nodes',
      ['RollcallProblem', 'UNAVAILABLE', 503, true],
      1,
    ],
    [
      'no change of which nobody knows what became',
      { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>', ...AT_ONCE },
      `lambda: ${CREATE}`,
      ['RollcallUnreachable', null, 502, true],
      1,
    ],
    [
      'nothing at another address',
      { status: 301, contentType: 'text/html', body: 'moved', headers: { location: 'http://127.0.0.1:9/' } },
      'rollcall.list_nodes',
      ['RollcallUnreachable', null, 301, true],
      1,
    ],
    [
      'a refusal that breaks off',
      {
        ...{ status: 503, body: '{"code"', contentType: 'application/problem+json' },
        headers: { 'content-length': '99', connection: 'close' },
      },
      'rollcall.list_nodes',
      ['RollcallUnreachable', null, null, true],
      3,
    ],
    [
      'no page of something before the api',
      { contentType: 'text/html', body: '<h1>Sign in</h1>' },
      'rollcall.list_nodes',
      ['RollcallUnreachable', null, 200, true],
      1,
    ],
    [
      'no page in the place of events',
      { contentType: 'text/html', body: '<h1>Sign in</h1>' },
      'lambda: next(rollcall.events())',
      ['RollcallUnreachable', null, 200, true],
      1,
    ],
    [
      'no refusal whose fields are no texts',
      { status: 403, body: { code: 'FORBIDDEN', detail: 'no', instance: 7 } },
      'rollcall.list_nodes',
      ['RollcallProblem', 'FORBIDDEN', 403, false],
      1,
    ],
  ])('repeats %s', async (_, answer, call, refusal, asked) => {
    expect(await printed([answer], `refusal(${call})`)).toEqual(refusal);
    expect(failing.asked).toHaveLength(asked);
  });

  test('waits longer than the api lets a request wait', async () => {
    const patience = '__import__("inspect").signature(rc.Rollcall).parameters["timeout"].default';
    expect(await printed([{ body: {} }], patience)).toBeGreaterThan(60);
  });

  test('continues after an invalid event', async () => {
    const said = (position: string, data: string) => ({
      contentType: 'text/event-stream',
      body: `event: node\nid: ${position}\ndata: ${data}\n\n`,
    });
    const answers = ['{', 'null', '7', '{}'].map((data, index) => said(`A${index + 1}`, data));
    expect(await printed(answers, 'next(rollcall.events()).position')).toBe('A4');
  });

  test('follows events over broken connections, without missing any', async () => {
    const said = (position: string) => ({
      contentType: 'text/event-stream',
      body: `event: node\nid: ${position}\ndata: {"node":"node-1"}\n\n: still here\nid: ${position}0\n\n`,
    });
    const followed = '[next(events).position for events in [rollcall.events(node=["a", "b"])] for _ in range(2)]';
    expect(await printed([said('A1'), busy(), said('A2')], followed)).toEqual(['A1', 'A2']);
    expect(failing.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'A10', 'A10']);
    expect(failing.asked[0]?.query.getAll('node')).toEqual(['a', 'b']);
  });
});
