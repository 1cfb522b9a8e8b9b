import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where `npm run web` puts the page, whether this file runs as it was written or compiled into dist. */
export const WEB_FOLDER = join(nearestPackage(import.meta.dirname), 'dist', 'web');

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : nearestPackage(dirname(folder));
}
