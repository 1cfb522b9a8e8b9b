import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the package.json that has all others below it: this file is in embedded/ or in dist/embedded/ of it. */
export const INSTALLATION = nearestPackage(dirname(import.meta.dirname));

/** Where a cluster lives unless it is told otherwise; the CLI looks there too. */
export const DEFAULT_HOME = join(INSTALLATION, '.rollcall');

/** A compiled main program of ours. */
export function program(path: string): string {
  return join(INSTALLATION, 'dist', path);
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
  return nearestPackage(dirname(folder));
}
