// `npm run package`: what is missing is installed and built first.
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
process.exitCode = await run(NODE, [`${ROOT}/packaging/main.mjs`, ...process.argv.slice(2)]);
