// `npm test`: the tests, once what they need is there: of one file that is what its level needs, of all of them everything, and the
// layout's arrows too. Arguments go to jest.
import { jest, testsOf } from './jest.mjs';
import { ensureInstalled, step } from './setup.mjs';
import { LEVELS, ON_DEMAND, setUpFor } from './test-levels.mjs';

const given = process.argv.slice(2);
const args = given.some((arg) => arg.includes(`test/${ON_DEMAND}`)) ? given : [...given, '--ignoreProjects', ON_DEMAND];
await ensureInstalled();
const files = given.length === 0 ? [] : await testsOf(args);
const all = LEVELS.filter((level) => level !== ON_DEMAND);
const levels =
  given.length === 0 ? all : LEVELS.filter((level) => files.some((file) => file.startsWith(`test/${level}/`)));
await setUpFor(levels);
if (levels.length >= all.length) {
  await step("Checking the layout's arrows", 'npm', ['run', '--silent', 'arrows']);
}
process.exit(await jest(args));
