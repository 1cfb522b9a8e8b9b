/** Builds client/dist, as others install it; called by `npm pack --workspace client` and `npm publish --workspace client`. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const CLIENT = join(ROOT, 'client');

rmSync(join(CLIENT, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript7/bin/tsc'), '-p', CLIENT], { stdio: 'inherit' });
copyFileSync(join(ROOT, 'LICENSE'), join(CLIENT, 'dist', 'LICENSE'));
