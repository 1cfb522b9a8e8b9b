import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Terminal } from '../process/terminal.js';

/** A cluster and a credential for it, as saved by `npm start` and `rollcall auth login` for later commands. */
export interface Context {
  server: string;
  token: string;
  /** Absolute path of the certificate authorities to trust. */
  caFile?: string | undefined;
}

/** The contexts of a file, by name. */
export interface Contexts {
  /** The context that is used by default; null if it was removed. */
  current: string | null;
  byName: ReadonlyMap<string, Context>;
}

/** Name of the only context in a file that `npm start` wrote. */
export const DEFAULT_CONTEXT = 'default';

/** Selects a context. */
interface ContextOptions {
  context?: string;
  home?: string;
}

/** The context named by flag or environment. */
export function namedContext({ context }: ContextOptions, { env }: Terminal): string | undefined {
  return context ?? (env['ROLLCALL_CONTEXT'] || undefined);
}

/** Files that may have contexts, in the order of precedence: that of the named home alone, or of this clone and then of the user. */
export function contextPaths({ home }: ContextOptions, { env, installation }: Terminal): [string, ...string[]] {
  const namedHome = (home ?? env['ROLLCALL_HOME']) || undefined;
  if (namedHome !== undefined) return [join(namedHome, 'context.json')];
  const configFolder = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  const own = join(configFolder, 'rollcall', 'context.json');
  const ofClone = installation && join(installation, '.rollcall', 'context.json');
  return ofClone && existsSync(ofClone) ? [ofClone, own] : [own];
}

/** The context file that commands read and `auth login` writes. A named context is one of the user's file. */
export function contextPath(options: ContextOptions, terminal: Terminal): string {
  const paths = contextPaths(options, terminal);
  return (namedContext(options, terminal) === undefined ? undefined : paths.at(-1)) ?? paths[0];
}

/** Name of the selected context, and its content if it exists. */
export function chosenContext(
  contexts: Contexts | undefined,
  named: string | undefined,
): { name: string; context: Context | undefined } | undefined {
  const name = named ?? contexts?.current ?? undefined;
  return name === undefined ? undefined : { name, context: contexts?.byName.get(name) };
}

/**
 * The contexts in the file at `path`; undefined if it does not exist.
 * @throws CliFailure if it is not a context file, or cannot be read
 */
export async function readContexts(path: string, terminal: Terminal): Promise<Contexts | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw new CliFailure(EXIT_CODE.failure, 'CONTEXT_UNREADABLE', `${path} cannot be read`, `Try: chmod 600 ${path}`, {
      cause: error,
    });
  }
  await warnOfOtherReaders(path, terminal);
  return parseContexts(text, path);
}

/** Writes the contexts atomically, readable by their owner only. A file without contexts is removed. */
export async function writeContexts(path: string, { current, byName }: Contexts): Promise<void> {
  if (byName.size === 0) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ current, contexts: Object.fromEntries(byName) }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function parseContexts(text: string, path: string): Contexts {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const contexts = contextsOf(value);
  if (contexts) return contexts;
  throw new CliFailure(
    EXIT_CODE.failure,
    'CONTEXT_UNREADABLE',
    `${path} is not a context file: it must hold {"server": …, "token": …}, or {"current": …, "contexts": …} with several of them`,
    'Write it anew: rollcall auth login --server URL',
  );
}

function contextsOf(value: unknown): Contexts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('contexts' in value)) {
    const only = contextOf(value);
    return only && { current: DEFAULT_CONTEXT, byName: new Map([[DEFAULT_CONTEXT, only]]) };
  }
  const { contexts } = value;
  if (typeof contexts !== 'object' || contexts === null) return undefined;
  const byName = new Map<string, Context>();
  for (const [name, entry] of Object.entries(contexts)) {
    const context = contextOf(entry);
    if (!context) return undefined;
    byName.set(name, context);
  }
  const current = 'current' in value && typeof value.current === 'string' ? value.current : null;
  return { current, byName };
}

function contextOf(value: unknown): Context | undefined {
  const { server, token, caFile } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof Context, unknown>
  >;
  if (typeof server !== 'string' || typeof token !== 'string') return undefined;
  if (caFile !== undefined && typeof caFile !== 'string') return undefined;
  return { server, token, ...(caFile === undefined ? {} : { caFile }) };
}

async function warnOfOtherReaders(path: string, terminal: Terminal): Promise<void> {
  const { mode } = await stat(path);
  // Windows has no such permission bits, and every file would be reported.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  terminal.stderr.write(`warning: other users of this machine can read the token in ${path}. Try: chmod 600 ${path}\n`);
}

function isErrno(error: unknown, code: string): boolean {
  return isNativeError(error) && 'code' in error && error.code === code;
}
