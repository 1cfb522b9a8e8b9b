// `npm run cluster`: set-up, then the cluster that docker-compose.yml describes. Arguments go to embedded/cluster/main.ts.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
const main = join(ROOT, 'dist', 'embedded', 'cluster', 'main.js');
process.exit(await run(NODE, [main, ...process.argv.slice(2)], { ownGroup: true }));
