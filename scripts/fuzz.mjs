// `npm run fuzz`: schemathesis against the real api, as each role. `npm test` includes it; here ROLLCALL_FUZZ_EXAMPLES=50 makes it
// look harder, and jest's arguments select: npm run fuzz -- -t 'as a viewer'.
import { jest } from './jest.mjs';
import { ensureBuilt, ensureInstalled, ensureServers } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureServers();
process.exit(await jest(['test/e2e/fuzz', ...process.argv.slice(2)]));
