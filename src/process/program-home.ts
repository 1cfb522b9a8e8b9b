import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds what this program is made of, whether this file runs as it was written or compiled into dist. */
export const PROGRAM_HOME = nearestPackage(import.meta.dirname);

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder
    ? folder
    : nearestPackage(dirname(folder));
}
