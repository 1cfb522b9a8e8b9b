// `npm run check`: the checks of continuous integration. All of them run, so that one run reports everything that is wrong.
import { SKIPPED } from './check-python.mjs';
import { jest } from './jest.mjs';
import { ensureBuilt, ensureInstalled, ensureServers, ensureTestTools, run } from './setup.mjs';
import { ON_DEMAND } from './test-levels.mjs';

await ensureInstalled();
await ensureBuilt();
await ensureServers();
await ensureTestTools();

const chosen = process.argv.slice(2);
/** @type {[string, number][]} */
const outcomes = [];
/** @type {[string, () => Promise<number>][]} */
const checks = [
  ['format', () => run('npm', ['run', '--silent', 'format:check'])],
  ['types', () => run('npm', ['run', '--silent', 'typecheck'])],
  ['lint', () => run('npm', ['run', '--silent', 'lint'])],
  ['arrows', () => run('npm', ['run', '--silent', 'arrows'])],
  ['dead code', () => run('npm', ['run', '--silent', 'dead'])],
  ['python', () => run('npm', ['run', '--silent', 'check:python'])],
  // Single tests that are named explicitly reach less than all do.
  [
    'tests',
    () => jest(chosen.length === 0 ? ['--config', 'jest.coverage.config.js', '--ignoreProjects', ON_DEMAND] : chosen),
  ],
];
for (const [title, check] of checks) {
  process.stderr.write(`\n== ${title}\n`);
  outcomes.push([title, await check()]);
}
process.stderr.write(`\n${outcomes.map(([title, code]) => `${title.padEnd(10)} ${wordOf(code)}`).join('\n')}\n`);
process.exit(outcomes.some(([, code]) => code !== 0 && code !== SKIPPED) ? 1 : 0);

/** @param {number} code */
function wordOf(code) {
  if (code === SKIPPED) return 'skipped, as is said above';
  return code === 0 ? 'ok' : `failed (exit code ${code})`;
}
