import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the program's package, whether this file runs from the sources or compiled in dist. */
export const PROGRAM_HOME = nearestPackage(import.meta.dirname);

/** The version of this control plane, from its package.json. */
export const ROLLCALL_VERSION = ownVersion();

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder
    ? folder
    : nearestPackage(dirname(folder));
}

function ownVersion(): string {
  const path = join(PROGRAM_HOME, 'package.json');
  const { version }: { version?: string } = JSON.parse(readFileSync(path, 'utf8'));
  if (version === undefined) throw new Error(`${path} has no version`);
  return version;
}
