import { execFile } from 'node:child_process';
import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Unavailable } from '../control-plane/control-plane.js';
import { parseRetryAfter } from '../../client/retry-after.js';
import { withDeadline } from '../process/deadline.js';
import { SIGNED_LIST, NotThere, packageIn, SIGNATURE, UpdateRefused } from './signed-packages.js';
import type { UpdateFolder } from './update-folder.js';

const MAX_LIST_BYTES = 65_536;
const MAX_PACKAGE_BYTES = 512 * 1_024 ** 2;
/** Timeout in milliseconds: an api cuts off slower downloads. */
const LIST_TIMEOUT_MS = 30_000;
const PACKAGE_TIMEOUT_MS = 15 * 60_000;
const UNPACK_TIMEOUT_MS = 5 * 60_000;

/**
 * Fetches the package of a version from an api, verifies it, and unpacks it into the version's folder, atomically.
 * @throws UpdateRefused if no key has signed it, Unavailable if a retry may help
 */
export async function fetchPackage(
  folder: UpdateFolder,
  orchestrator: string,
  version: string,
  keys: readonly KeyObject[],
  stop: AbortSignal,
): Promise<void> {
  const from = (name: string) => `${orchestrator.replace(/\/+$/, '')}/packages/${name}`;
  const list = await fetchSmall(from(SIGNED_LIST), stop);
  const signature = await fetchSmall(from(SIGNATURE), stop);
  const { name, sha256 } = packageIn(list, signature.toString(), keys, version);
  const { incoming } = folder;
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const archive = join(incoming, 'package.tar.gz');
  if ((await fetchInto(from(name), archive, stop)) !== sha256)
    throw new UpdateRefused(`${name} is not what the signed list says: it was damaged or changed on its way`);
  const tree = join(incoming, 'tree');
  await mkdir(tree);
  await promisify(execFile)('tar', ['-xzf', archive, '-C', tree, '--no-same-owner'], {
    timeout: UNPACK_TIMEOUT_MS,
    signal: stop,
  }).catch((error: { stderr?: string; message: string }) => {
    const [why] = (error.stderr || error.message).trim().split('\n');
    throw new UpdateRefused(`${name} cannot be unpacked: ${why}`);
  });
  await rm(archive);
  const target = folder.versionFolder(version);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rm(target, { recursive: true, force: true });
  await rename(tree, target);
  await rm(incoming, { recursive: true, force: true });
}

async function fetchSmall(url: string, stop: AbortSignal): Promise<Buffer> {
  return withDeadline(LIST_TIMEOUT_MS, stop, async (signal) => {
    const chunks: Buffer[] = [];
    for await (const chunk of bounded(await body(url, signal), MAX_LIST_BYTES, url)) chunks.push(chunk);
    return Buffer.concat(chunks);
  });
}

/** @returns its checksum */
async function fetchInto(url: string, file: string, stop: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await withDeadline(PACKAGE_TIMEOUT_MS, stop, async (signal) => {
    const chunks = bounded(await body(url, signal), MAX_PACKAGE_BYTES, url);
    const hashed = async function* () {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(Readable.from(hashed()), createWriteStream(file, { mode: 0o600, flush: true }), { signal });
  });
  return hash.digest('hex');
}

async function body(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const answer = await fetch(url, { signal, redirect: 'error' });
  if (answer.ok && answer.body !== null) return answer.body;
  await answer.body?.cancel();
  if (answer.status === 404) throw new NotThere(`${new URL(url).origin} has no ${url.slice(url.lastIndexOf('/') + 1)}`);
  throw new Unavailable(
    `${url} answers HTTP ${answer.status}`,
    parseRetryAfter(answer.headers.get('retry-after'), Date.now()),
  );
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, max: number, url: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > max) throw new UpdateRefused(`${url} is larger than ${max} bytes`);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}
