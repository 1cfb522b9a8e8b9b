import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { findBinary, ServerNotFound } from '../../../embedded/find-binary.js';
import { Progress } from '../../../embedded/progress.js';
import type { BinarySource, ServerBinary } from '../../../embedded/server-binary.js';
import { isAtLeast, whyNotByVersion } from '../../../embedded/version-check.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let root: string;
let said: string;
const progress = () => new Progress({ write: (text: string) => (said += text) });

beforeEach(async () => {
  root = await temporaryFolder();
  said = '';
});

/** An executable that answers `--version` like a server of that version. */
async function fake(path: string, version: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "fake version ${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

const gives = (name: string, version: string, folder = 'fake-2'): BinarySource => ({
  name,
  into: `${folder}/fake`,
  fetch: async (into) => void (await fake(join(into, 'fake'), version)),
});

const fails = (name: string, why: string): BinarySource => ({
  name,
  into: 'fake-2/fake',
  fetch: () => Promise.reject(new Error(why)),
});

const server = (...sources: BinarySource[]): ServerBinary => ({
  name: 'the fake server',
  variable: 'ROLLCALL_FAKE_BIN',
  command: 'fake',
  whyNot: (path) => whyNotByVersion(path, /version (\d+\.\d+)/, '2.0'),
  sources,
  byHand: 'Install it by hand.',
});

const find = (wanted: ServerBinary, env: Record<string, string> = {}) =>
  findBinary(wanted, { env: { PATH: '', ...env }, cache: join(root, 'cache'), progress: progress() });

describe('a binary is found', () => {
  test('where the environment says, before PATH', async () => {
    const named = await fake(join(root, 'named'), '2.1');
    await fake(join(root, 'bin', 'fake'), '2.2');
    expect(await find(server(), { ROLLCALL_FAKE_BIN: named, PATH: join(root, 'bin') })).toBe(named);
  });

  test('on PATH, before the cache', async () => {
    const onPath = await fake(join(root, 'bin', 'fake'), '2.2');
    await fake(join(root, 'cache', 'fake-2', 'fake'), '2.0');
    expect(await find(server(gives('x', '2.0')), { PATH: `/nowhere:${join(root, 'bin')}` })).toBe(onPath);
  });

  test('in the cache if that on PATH is too old, and it says so', async () => {
    await fake(join(root, 'bin', 'fake'), '1.9');
    const cached = await fake(join(root, 'cache', 'fake-2', 'fake'), '2.0');
    expect(await find(server(gives('x', '2.0')), { PATH: join(root, 'bin') })).toBe(cached);
    expect(said).toContain('will not do: it is version 1.9, and 2.0 or later is needed');
  });

  test('in the cache under every name that a source would give it', async () => {
    const cached = await fake(join(root, 'cache', 'fake-1', 'fake'), '2.0');
    expect(await find(server(fails('x', 'no'), gives('y', '2.0', 'fake-1')))).toBe(cached);
    expect(said).toBe('');
  });

  test('at each source in turn, until one gives something that runs', async () => {
    const found = await find(
      server(fails('the download', 'no network'), gives('an old mirror', '1.0'), gives('the registry', '2.4')),
    );
    expect(found).toBe(join(root, 'cache', 'fake-2', 'fake'));
    expect(said).toMatch(
      /the download: failed .*\n {4}no network\n[^]*an old mirror: failed .*\n {4}it is version 1\.0[^]*the registry: done/,
    );
    expect(await readdir(join(root, 'cache'))).toEqual(['fake-2']);
  });
});

test('an unsuitable binary named by the environment is an error, not a reason to take another', async () => {
  await fake(join(root, 'bin', 'fake'), '2.2');
  const old = await fake(join(root, 'old'), '1.0');
  const env = (path: string) => ({ ROLLCALL_FAKE_BIN: path, PATH: join(root, 'bin') });
  await expect(find(server(), env(old))).rejects.toThrow(
    /ROLLCALL_FAKE_BIN names .*old as the fake server, but it is version 1\.0/,
  );
  await expect(find(server(), env('/nowhere/fake'))).rejects.toThrow('there is no such executable file');
});

test('if nothing helps, one error lists every step and the remedy', async () => {
  await fake(join(root, 'bin', 'fake'), '1.0');
  const search = find(server(fails('the download', 'no network'), fails('the registry', 'go is not installed')), {
    PATH: join(root, 'bin'),
  });
  const error = await search.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServerNotFound);
  const { message } = error as Error;
  for (const part of [
    'ROLLCALL_FAKE_BIN: not set',
    'it is version 1.0',
    'cache/fake-2/fake: not there',
    'the download: no network',
    'the registry: go is not installed',
    'Install it by hand.',
  ]) {
    expect(message).toContain(part);
  }
  expect(await readdir(join(root, 'cache'))).toEqual([]);
});

test('two searches that download at once both get a complete binary', async () => {
  const wanted = server(gives('the registry', '2.4'));
  const [one, other] = await Promise.all([find(wanted), find(wanted)]);
  expect(one).toBe(other);
  expect(await wanted.whyNot(one)).toBeUndefined();
  expect(await readdir(join(root, 'cache'))).toEqual(['fake-2']);
});

test('an interrupted download leaves nothing behind and tries no further source', async () => {
  const interruption = new AbortController();
  const hangs: BinarySource = {
    name: 'a hanging download',
    into: 'fake-2/fake',
    fetch: (_folder, _tell, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted')))),
  };
  const search = findBinary(server(hangs, gives('the registry', '2.4')), {
    env: { PATH: '' },
    cache: join(root, 'cache'),
    progress: progress(),
    signal: interruption.signal,
  });
  setImmediate(() => interruption.abort());
  await expect(search).rejects.toThrow();
  expect(await readdir(join(root, 'cache')).catch(() => [])).toEqual([]);
});

test.each([
  ['5.0', '5.0', true],
  ['6.0.5', '5.0', true],
  ['4.4.29', '5.0', false],
  ['1.30.0', '1.27', true],
  ['1.9', '1.27', false],
])('version %s is at least %s: %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
