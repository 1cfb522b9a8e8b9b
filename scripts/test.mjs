// `npm test`: the tests, after preparing what they need: for one file what its level needs, for all of them everything. Arguments
// go to jest.
import { jest, testsOf } from './jest.mjs';
import { ensureInstalled } from './setup.mjs';
import { LEVELS, ON_DEMAND, setUpFor } from './test-levels.mjs';

const given = process.argv.slice(2);
const args = given.some((arg) => arg.includes(`test/${ON_DEMAND}`)) ? given : [...given, '--ignoreProjects', ON_DEMAND];
await ensureInstalled();
const files = given.length === 0 ? [] : await testsOf(args);
/** @param {string} level */
const isAsked = (level) =>
  given.length === 0 ? level !== ON_DEMAND : files.some((file) => file.startsWith(`test/${level}/`));
await setUpFor(LEVELS.filter((level) => isAsked(level)));
process.exit(await jest(args));
