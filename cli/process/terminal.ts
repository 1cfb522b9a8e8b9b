import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import type { ReadStream, WriteStream } from 'node:tty';
import type { EpochMs } from '../../contract/states.js';

export interface Output
  extends Pick<WriteStream, 'write'>, Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'once'>> {
  /** Where the cursor may be moved; absent if it is this output itself. */
  screen?: Output;
}
type Input = AsyncIterable<Buffer | string> & Partial<Pick<ReadStream, 'isTTY'> & { destroy: () => unknown }>;

/** Everything around the CLI that it reads and writes, so that tests can replace it. */
export interface Terminal {
  /** Data, and nothing else. */
  stdout: Output;
  /** Messages for people: errors, warnings, progress. */
  stderr: Output;
  stdin: Input;
  env: Readonly<Record<string, string | undefined>>;
  now(): EpochMs;
  /** The version of this Rollcall. */
  version: string;
  /** Folder of this Rollcall's package.json, where `npm start` leaves its context in a clone. Absent if the command is one file. */
  installation?: string | undefined;
}

export function systemTerminal(): Terminal {
  const manifest = isSea() ? undefined : findPackageJSON('../..', import.meta.url);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    now: Date.now,
    version: versionIn(manifest === undefined ? getAsset('package.json', 'utf8') : readFileSync(manifest, 'utf8')),
    installation: manifest && dirname(manifest),
  };
}

function versionIn(manifest: string): string {
  const { version } = JSON.parse(manifest) as { version: string };
  return version;
}

/** Whether `output` gets colours: a terminal that can show them, and a user who has not disabled them (https://no-color.org). */
export function wantsColours(output: Output, env: Terminal['env']): boolean {
  return output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
