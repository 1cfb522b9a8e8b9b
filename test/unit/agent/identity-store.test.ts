import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FileIdentityStore } from '../../../agent/membership/identity-store.js';
import { isPrivateKey, newPrivateKey, type Identity } from '../../../agent/membership/identity.js';
import { makeStateFolder } from '../../../agent/process/state-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

function someIdentity(): Identity {
  const registration = {
    id: 'node-1',
    uid: '0b1c7a52-0b3c-4c8e-9b1e-3f1a2b3c4d5e',
    privateKey: newPrivateKey(),
    tokenFingerprint: 'abc',
    orchestrator: 'http://127.0.0.1:8480',
    registeredAt: '2026-11-21T10:00:00.000Z',
  };
  return { registration, candidate: null };
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a node that never had an identity has none, and no file is created', async () => {
  const folder = await temporaryFolder();
  expect(await new FileIdentityStore(folder).load()).toEqual({ registration: null, candidate: null });
  expect(await readdir(folder)).toEqual([]);
});

test('a saved identity is loaded again, by a later process too', async () => {
  const folder = await temporaryFolder();
  const identity = { ...someIdentity(), candidate: newPrivateKey() };
  await new FileIdentityStore(folder).save(identity);
  expect(await new FileIdentityStore(folder).load()).toEqual(identity);
});

test('only the owner can read the key, and no temporary file is left', async () => {
  const folder = join(await temporaryFolder(), 'a', 'state');
  await makeStateFolder(folder);
  const store = new FileIdentityStore(folder);
  await store.save(someIdentity());
  await store.save(someIdentity());
  expect(await modeOf(store.path)).toBe(0o600);
  expect(await modeOf(folder)).toBe(0o700);
  expect(await readdir(folder)).toEqual(['identity.json']);
});

test('a state folder that others could read is closed', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  await makeStateFolder(folder);
  expect(await modeOf(folder)).toBe(0o700);
});

test('a file in place of the state folder is reported, and left as it is', async () => {
  const path = join(await temporaryFolder(), 'state');
  await writeFile(path, 'x', { mode: 0o640 });
  await expect(makeStateFolder(path)).rejects.toMatchObject({
    exitCode: 1,
    message: `The state folder ${path} cannot be used: part of the path is a file; set Compute.StateDir to a folder that the agent owns`,
  });
  expect(await modeOf(path)).toBe(0o640);
});

describe('an unreadable identity is refused and not replaced', () => {
  const damaged = {
    'cut short': (text: string) => text.slice(0, text.length / 2),
    empty: () => '',
    'of another version': (text: string) => text.replace('"version": 1', '"version": 7'),
    'with a key whose halves differ': (text: string) => text.replace(/"x": "[^"]+"/, `"x": "${newPrivateKey().x}"`),
    'without the node': (text: string) => text.replace('"uid"', '"uidd"'),
    'not an object': () => '[]',
    null: () => 'null',
  };

  test.each(Object.entries(damaged))('%s', async (_name, damage) => {
    const store = new FileIdentityStore(await temporaryFolder());
    await store.save(someIdentity());
    const text = damage(await readFile(store.path, 'utf8'));
    await writeFile(store.path, text);
    await expect(store.load()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/identity\.json, is damaged: restore it from a copy, or move it away/),
    });
    expect(await readFile(store.path, 'utf8')).toBe(text);
  });
});

test('an identity that is a folder is reported', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'identity.json'));
  await expect(new FileIdentityStore(folder).load()).rejects.toThrow('cannot be read: it is a folder');
});

test('a failed write says where and why, and leaves nothing behind', async () => {
  const store = new FileIdentityStore(join(await temporaryFolder(), 'gone'));
  await expect(store.save(someIdentity())).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(
      /cannot be written to .*identity\.json: it does not exist; make room there, or set Compute\.StateDir/,
    ),
  });
});

test('keys are told from what only looks like one', () => {
  const key = newPrivateKey();
  expect(isPrivateKey(key)).toBe(true);
  expect(isPrivateKey({ ...key, d: newPrivateKey().d })).toBe(false);
  expect(isPrivateKey({ ...key, crv: 'X25519' })).toBe(false);
  expect(isPrivateKey({ ...key, d: 'short' })).toBe(false);
  expect(isPrivateKey(null)).toBe(false);
});
