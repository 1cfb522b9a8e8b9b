import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root: this file is in its embedded/ or dist/embedded/. */
export const INSTALLATION = nearestPackage(dirname(import.meta.dirname));

/** Default home of a cluster; the CLI looks there too. */
export const DEFAULT_HOME = join(INSTALLATION, '.rollcall');

/** Path of a compiled main program of Rollcall. */
export function program(path: string): string {
  return join(INSTALLATION, 'dist', path);
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
  return nearestPackage(dirname(folder));
}
