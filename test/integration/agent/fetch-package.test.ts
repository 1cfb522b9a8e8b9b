import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Unavailable } from '../../../agent/control-plane/control-plane.js';
import { fetchPackage } from '../../../agent/updates/fetch-package.js';
import { NotThere, UpdateRefused } from '../../../agent/updates/signed-packages.js';
import { UpdateFolder } from '../../../agent/updates/update-folder.js';
import { makeSlimPackages, signPackages, writeChecksums } from '../../support/slim-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Packages that were changed on their way, from a malicious server. */

const pem = { type: 'pkcs8', format: 'pem' } as const;
const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: pem,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let packages: string;
let folder: UpdateFolder;
let archive: string;
let server: Server;
/** Whether the server answers that it is busy. */
let busy = false;

beforeEach(async () => {
  packages = await temporaryFolder();
  folder = new UpdateFolder(await temporaryFolder());
  archive = join(packages, await makeSlimPackages(packages, { version: '1.1.0', keys: publicKey }));
  await signPackages(packages, privateKey);
  busy = false;
  server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/packages/', '');
    if (busy) return void response.writeHead(503, { 'retry-after': '7' }).end();
    readFile(join(packages, name)).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const fetched = (version = '1.1.0') =>
  fetchPackage(
    folder,
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    version,
    [createPublicKey(publicKey)],
    new AbortController().signal,
  );

const isThere = () => existsSync(folder.launcher('1.1.0'));

test("unpacks a package into its version's folder, and leaves nothing else behind", async () => {
  await mkdir(folder.versionFolder('1.1.0'), { recursive: true });
  await writeFile(join(folder.versionFolder('1.1.0'), 'of-an-earlier-try'), '');
  await fetched();
  expect(isThere()).toBe(true);
  expect(await readdir(folder.versionFolder('1.1.0'))).toEqual(['usr']);
  expect(existsSync(folder.incoming)).toBe(false);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a package that was changed on its way', () => appendFile(archive, 'x'), 'is not what the signed list says'],
  ['packages that nobody has signed', () => rm(join(packages, 'SHA256SUMS.sig')), 'has no SHA256SUMS.sig'],
  ['a list that was changed since', () => appendFile(join(packages, 'SHA256SUMS'), '\n'), 'is not signed by a key'],
  ['a list without end', () => writeFile(join(packages, 'SHA256SUMS'), Buffer.alloc(70_000)), 'is larger than'],
  [
    'what is signed and no archive',
    async () => {
      await writeFile(archive, 'no archive');
      await writeChecksums(packages);
      await signPackages(packages, privateKey);
    },
    'cannot be unpacked',
  ],
])('refuses %s', async (_what, spoil, says) => {
  await spoil();
  const failure = await fetched().catch((error: Error) => error);
  expect(failure).toBeInstanceOf(UpdateRefused);
  expect((failure as Error).message).toContain(says);
  expect(isThere()).toBe(false);
});

test('reports a missing version as one that another api may have', async () => {
  await expect(fetched('1.2.0')).rejects.toThrow(NotThere);
  await rm(archive);
  await expect(fetched()).rejects.toThrow(NotThere);
});

test('comes back when a busy api asked it to', async () => {
  busy = true;
  const failure = await fetched().catch((error: Error) => error);
  expect(failure).toBeInstanceOf(Unavailable);
  expect((failure as Unavailable).retryAfterMs).toBe(7_000);
});
