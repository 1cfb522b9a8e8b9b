import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { exampleNode } from '../../support/cli/example-nodes.js';
import { startFakeApi } from '../../support/cli/fake-api.js';
import { inTemporaryFolder } from '../../support/cli/fake-terminal.js';

/** The built command as a process, for what only a process shows. `npm test` builds it first. */

const LAUNCHER = fileURLToPath(new URL('../../../rollcall', import.meta.url));
const execute = promisify(execFile);
const withApi = (url: string) => ({
  env: { PATH: process.env['PATH'], ROLLCALL_SERVER: url, ROLLCALL_TOKEN: 'rca_x' },
});
const fleet = (size: number) => ({
  body: { items: Array.from({ length: size }, (_, index) => exampleNode(`node-${index}`)), nextCursor: null },
});

test('the launcher finds its clone from anywhere, through symbolic links', () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, 'bin'));
    await symlink(LAUNCHER, join(folder, 'bin', 'rollcall-itself'));
    await symlink('rollcall-itself', join(folder, 'bin', 'rollcall'));
    const { stdout } = await execute(join(folder, 'bin', 'rollcall'), ['version'], { cwd: '/' });
    expect(stdout).toMatch(/^rollcall \d+\.\d+\.\d+\n$/);
  }));

test('the launcher of a clone that was never started says so, and exits with 1', () =>
  inTemporaryFolder(async (folder) => {
    await copyFile(LAUNCHER, join(folder, 'rollcall'));
    await chmod(join(folder, 'rollcall'), 0o755);
    await expect(execute(join(folder, 'rollcall'), ['node', 'list'])).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `rollcall is not built yet: run npm start in ${folder} first\n`,
    });
  }));

test('a reader that closes the pipe early is no error', async () => {
  const api = await startFakeApi(() => fleet(1_000));
  try {
    const { stdout, stderr } = await execute(
      'sh',
      ['-c', `{ '${LAUNCHER}' node list -o json; echo "exit $?" >&2; } | head -1`],
      withApi(api.url),
    );
    expect({ stdout, stderr }).toEqual({ stdout: '[\n', stderr: 'exit 0\n' });
  } finally {
    await api.stop();
  }
});

test('Ctrl-C ends a watch silently with exit code 130', async () => {
  const api = await startFakeApi(({ path }) =>
    path === '/v1/events' ? { contentType: 'text/event-stream', body: '\n' } : fleet(2),
  );
  try {
    const watching = spawn(LAUNCHER, ['node', 'list', '--watch'], withApi(api.url));
    let err = '';
    watching.stderr.on('data', (chunk) => (err += String(chunk)));
    await once(watching.stdout, 'data');
    watching.kill('SIGINT');
    expect(await once(watching, 'close')).toEqual([130, null]);
    expect(err).toBe('');
  } finally {
    await api.stop();
  }
});

/** The first is the second with types for each command's options; the third comes with tables. */
const GRAMMAR = ['@commander-js/extra-typings', 'commander', 'get-east-asian-width'];

test('commands load only what they need: help the grammar, node list the client, neither any server code', () =>
  inTemporaryFolder(async (folder) => {
    const api = await startFakeApi(() => fleet(2));
    try {
      expect(await packagesLoadedBy(['--help'], join(folder, 'help'), api.url)).toEqual(GRAMMAR);
      expect(await packagesLoadedBy(['node', 'list'], join(folder, 'list'), api.url)).toEqual(GRAMMAR);
      expect(await packagesLoadedBy(['node', 'list', '-o', 'yaml'], join(folder, 'yaml'), api.url)).toEqual([
        ...GRAMMAR,
        'yaml',
      ]);
    } finally {
      await api.stop();
    }
  }));

/** Names of the packages whose code ran: V8's coverage reports every script that was loaded. */
async function packagesLoadedBy(words: string[], folder: string, url: string): Promise<string[]> {
  const { env } = withApi(url);
  await execute(LAUNCHER, words, { env: { ...env, NODE_V8_COVERAGE: folder } });
  const scripts = new Set<string>();
  for (const file of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { result: { url: string }[] };
    for (const script of result) scripts.add(script.url);
  }
  const packages = [...scripts]
    .map((script) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(script)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(packages)].toSorted();
}

test('output that cannot be written ends in one sentence and exit code 1', async () => {
  const api = await startFakeApi(() => fleet(2));
  try {
    for (const [where, sentence] of [
      [
        '/dev/full',
        /^OUTPUT_FAILED: standard output cannot be written \(ENOSPC: no space left on device, write\)\. [^\n]+\n$/,
      ],
      ['&-', /^OUTPUT_FAILED: standard output is closed\n$/],
    ] as const) {
      await expect(execute('sh', ['-c', `'${LAUNCHER}' node list >${where}`], withApi(api.url))).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(sentence),
      });
    }
    // Without an output, only the exit code tells.
    const { stdout } = await execute('sh', ['-c', `'${LAUNCHER}' node list 2>/dev/full`], withApi(api.url));
    expect(stdout).toContain('node-1');
  } finally {
    await api.stop();
  }
});
