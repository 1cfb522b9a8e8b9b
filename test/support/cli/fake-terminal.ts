import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Terminal } from '../../../cli/process/terminal.js';
import { removeFolder } from '../remove-folder.js';

export interface FakeTerminal extends Terminal {
  env: Record<string, string | undefined>;
  /** What was written so far. */
  out(): string;
  err(): string;
}

export interface FakeTerminalOptions {
  /** Makes stdout and stderr a terminal of this size. */
  screen?: { columns: number; rows: number };
  stdin?: string;
  env?: Record<string, string>;
  installation?: string;
  now?: number;
}

/** A terminal and an environment with only what the test puts there. */
export function fakeTerminal({
  screen,
  stdin = '',
  env = {},
  installation = '/nowhere',
  now,
}: FakeTerminalOptions = {}): FakeTerminal {
  let out = '';
  let err = '';
  return {
    stdout: {
      write: (chunk: string | Uint8Array) => {
        out += String(chunk);
        return true;
      },
      ...(screen ? { isTTY: true, ...screen } : {}),
    },
    stderr: {
      write: (chunk: string | Uint8Array) => {
        err += String(chunk);
        return true;
      },
      ...(screen ? { isTTY: true, ...screen } : {}),
    },
    stdin: Object.assign(Readable.from([stdin]), screen ? { isTTY: true } : {}),
    env: { HOME: '/nowhere', ...env },
    version: '0.1.0',
    installation,
    now: () => now ?? Date.now(),
    out: () => out,
    err: () => err,
  };
}

/** Runs `use` with a folder that is removed afterwards. */
export async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
  try {
    return await use(folder);
  } finally {
    await removeFolder(folder);
  }
}
