// `npm run chaos`: set-up, the real servers, and a long run with faults of every kind. Arguments go to test/e2e/chaos/main.ts.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureServers, ensureTestTools, NODE, ROOT, run } from './setup.mjs';
import { beginTestRun } from './test-run.mjs';
import { FALSE_CLOCK } from './test-tools.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureServers();
await ensureTestTools([FALSE_CLOCK]);
const testRun = beginTestRun();
const code = await run(NODE, [join(ROOT, 'dist', 'test', 'e2e', 'chaos', 'main.js'), ...process.argv.slice(2)], {
  ownGroup: true,
  env: testRun.env,
});
await testRun.end();
process.exit(code);
