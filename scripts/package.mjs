// `npm run package`: builds packages, after installing and building what is missing.
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
process.exitCode = await run(NODE, [`${ROOT}/packaging/main.mjs`, ...process.argv.slice(2)]);
