// `npm test`: the tests, once what they need is there: of one file that is what its level needs, of all of them everything, and the
// layout's arrows too. Arguments go to jest.
import { jest, testsOf } from './jest.mjs';
import { ensureInstalled, step } from './setup.mjs';
import { LEVELS, setUpFor } from './test-levels.mjs';

const args = process.argv.slice(2);
await ensureInstalled();
const files = args.length === 0 ? [] : await testsOf(args);
const levels = LEVELS.filter((level) => args.length === 0 || files.some((file) => file.startsWith(`test/${level}/`)));
await setUpFor(levels);
if (levels.length === LEVELS.length) {
  await step("Checking the layout's arrows", 'npm', ['run', '--silent', 'arrows']);
}
process.exit(await jest(args));
