import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Terminal } from '../process/terminal.js';

/** What `npm start` and `rollcall auth login` leave for later commands. */
export interface Context {
  server: string;
  token: string;
  /** Pins the authorities of the server's certificate; an absolute path. */
  caFile?: string | undefined;
}

/** The context file that commands read and `auth login` writes: of the home that was named, of this clone, or the user's. */
export function contextPath(home: string | undefined, terminal: Terminal): string {
  const named = home ?? terminal.env['ROLLCALL_HOME'];
  if (named) return join(named, 'context.json');
  const ofClone = terminal.installation && join(terminal.installation, '.rollcall', 'context.json');
  if (ofClone && existsSync(ofClone)) return ofClone;
  return join(
    terminal.env['XDG_CONFIG_HOME'] || join(terminal.env['HOME'] || homedir(), '.config'),
    'rollcall',
    'context.json',
  );
}

/**
 * The context at `path`, or undefined where there is none.
 * @throws CliFailure where the file is no context, or cannot be read.
 */
export async function readContext(path: string, terminal: Terminal): Promise<Context | undefined> {
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
  return parseContext(text, path);
}

/** Writes the context so that only its owner can read it, and never half of it. */
export async function writeContext(path: string, context: Context): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(context, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** @returns whether there was one */
export async function removeContext(path: string): Promise<boolean> {
  const wasThere = existsSync(path);
  await rm(path, { force: true });
  return wasThere;
}

function parseContext(text: string, path: string): Context {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && 'server' in value && 'token' in value) {
    const { server, token } = value;
    const caFile = 'caFile' in value ? value.caFile : undefined;
    const isCaFile = caFile === undefined || typeof caFile === 'string';
    if (typeof server === 'string' && typeof token === 'string' && isCaFile) return { server, token, caFile };
  }
  throw new CliFailure(
    EXIT_CODE.failure,
    'CONTEXT_UNREADABLE',
    `${path} is not a context file: it must hold {"server": …, "token": …}`,
    'Write it anew: rollcall auth login --server URL --token-stdin',
  );
}

async function warnOfOtherReaders(path: string, terminal: Terminal): Promise<void> {
  const { mode } = await stat(path);
  // Windows has no such bits: every file there would be reported.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  terminal.stderr.write(`warning: other users of this machine can read the token in ${path}. Try: chmod 600 ${path}\n`);
}

function isErrno(error: unknown, code: string): boolean {
  return isNativeError(error) && 'code' in error && error.code === code;
}
