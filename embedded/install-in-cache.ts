import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BinarySource, ServerBinary } from './server-binary.js';
import { homedir } from 'node:os';

/**
 * Downloads a server from one source into the cache. It is prepared in a temporary folder and then renamed, so that the cache never
 * contains half of it; if two processes download at once, either's result serves both.
 * @returns path of the binary
 * @throws Error with one line on why this source gave nothing that runs
 */
export async function installInCache(
  server: ServerBinary,
  source: BinarySource,
  cache: string,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const binary = join(cache, source.into);
  const place = join(cache, source.into.split('/')[0] as string);
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(`${place}.part-`);
  try {
    await source.fetch(staging, tell, signal);
    const refusal = await server.whyNot(join(staging, source.into.slice(source.into.indexOf('/') + 1)));
    if (refusal) throw new Error(refusal);
    await mkdir(dirname(place), { recursive: true });
    await moveInto(staging, place, binary);
    return binary;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function moveInto(staging: string, place: string, binary: string): Promise<void> {
  try {
    await rename(staging, place);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if (await exists(binary)) return;
    // What is there lacks the binary, so it is of no use.
    await rm(place, { recursive: true, force: true });
    await rename(staging, place);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Folder of downloaded servers, for all clones of this user. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'rollcall');
  const caches = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(caches, 'rollcall');
}
