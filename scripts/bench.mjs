// `npm run bench`: set-up, the real servers, and the benches. Arguments go to bench/main.ts.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureServers, NODE, ROOT, run } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureServers();
process.exit(await run(NODE, [join(ROOT, 'dist', 'bench', 'main.js'), ...process.argv.slice(2)], { ownGroup: true }));
