// `npm test`: set-up, the real servers that tests run on, the layout's arrows, and every test. Arguments go to jest.
import { join } from 'node:path';
import { jest } from './jest.mjs';
import { ensureBuilt, ensureInstalled, NODE, ROOT, step } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
await step('Finding the servers that tests run on', NODE, [join(ROOT, 'dist', 'embedded', 'fetch-servers.js')]);
await step('Checking the layout\'s arrows', 'npm', ['run', '--silent', 'arrows']);
process.exit(await jest(process.argv.slice(2)));
