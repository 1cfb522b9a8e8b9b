// `npm start`: set-up, then the cluster of one machine. Arguments go to embedded/main.ts.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(
  await run(NODE, [join(ROOT, 'dist', 'embedded', 'main.js'), ...process.argv.slice(2)], { ownGroup: true }),
);
