import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder, installInCache } from './install-in-cache.js';
import { Progress } from './progress.js';
import type { ServerBinary } from './server-binary.js';

export interface FindOptions {
  env?: Readonly<Record<string, string | undefined>>;
  cache?: string;
  progress?: Progress;
  /** Aborts a download. */
  signal?: AbortSignal;
}

/** No source led to a binary that runs. The message lists the sources and why each failed, and the remedy. */
export class ServerNotFound extends Error {
  override readonly name = 'ServerNotFound';
}

/**
 * Path of a server's binary: the one named by the environment, or on PATH, or in the cache, or downloaded.
 * @throws ServerNotFound
 */
export async function findBinary(server: ServerBinary, search: FindOptions = {}): Promise<string> {
  const { env = process.env, progress = new Progress(), signal = new AbortController().signal } = search;
  const cache = search.cache ?? cacheFolder(env);
  const tried: string[] = [];

  const named = env[server.variable];
  if (named) {
    const refusal = (await isExecutable(named)) ? await server.whyNot(named) : 'there is no such executable file';
    // A binary named by the environment is used or reported, never replaced by another.
    if (refusal)
      throw new ServerNotFound(
        `${server.variable} names ${named} as ${server.name}, but ${refusal}. Correct the variable or unset it.`,
      );
    return named;
  }
  tried.push(`${server.variable}: not set`);

  const onPath = await lookUp(server.command, env['PATH'] ?? '');
  if (onPath) {
    const refusal = await server.whyNot(onPath);
    if (!refusal) return onPath;
    tried.push(`${onPath}: ${refusal}`);
    progress.say(`  ${onPath} will not do: ${refusal}`);
  } else {
    tried.push(`PATH: no ${server.command}`);
  }

  for (const path of new Set(server.sources.map((source) => join(cache, source.into)))) {
    if (await isExecutable(path)) return path;
    tried.push(`${path}: not there`);
  }

  progress.say(`Looking for ${server.name}: not on this machine yet`);
  for (const source of server.sources) {
    signal.throwIfAborted();
    try {
      return await progress.during(source.name, (tell) => installInCache(server, source, cache, tell, signal));
    } catch (error) {
      signal.throwIfAborted();
      progress.say(`    ${(error as Error).message}`);
      tried.push(`${source.name}: ${(error as Error).message}`);
    }
  }
  const steps = tried.map((step) => `  - ${step}`).join('\n');
  throw new ServerNotFound(`${server.name} could be neither found nor fetched. Tried:\n${steps}\n${server.byHand}`);
}

async function lookUp(command: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, command);
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
