// `npm test`: set-up, the real servers that tests run on, the layout's arrows, and every test. Arguments go to jest.
import { jest } from './jest.mjs';
import { ensureBuilt, ensureInstalled, ensureServers, ensureTestTools, step } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureServers();
await ensureTestTools();
await step("Checking the layout's arrows", 'npm', ['run', '--silent', 'arrows']);
process.exit(await jest(process.argv.slice(2)));
