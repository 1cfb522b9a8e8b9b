import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This clone. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const DIST = join(ROOT, 'dist');
/** Folder of packages, where an api of this clone looks for the agent's. */
export const PACKAGES = join(DIST, 'packages');
