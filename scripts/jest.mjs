// jest with ES modules, on Node 24.
//
// Without V8's compilation cache, which keeps each suite's modules and everything they refer to after the suite's end: 20 to 35 MB per
// suite. It saves nothing here, since other suites compile their modules anew all the same.
import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { NODE, ROOT, run } from './setup.mjs';
import { beginTestRun } from './test-run.mjs';

const JEST = [
  '--experimental-vm-modules',
  '--no-compilation-cache',
  '--disable-warning=ExperimentalWarning',
  join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
];

/** With these options jest does something other than list. */
const NOT_FOR_LISTS = /^--(json|outputFile|watch|watchAll)(=|$)/;

/** @returns {Promise<number>} jest's exit code, once nothing of the run is left */
export async function jest(args) {
  const testRun = beginTestRun();
  const code = await run(NODE, [...JEST, ...args], { env: testRun.env });
  await testRun.end();
  return code;
}

/** @returns {Promise<string[]>} paths of the test files that jest would run with these arguments; none if it would refuse them */
export function testsOf(args) {
  const list = [...JEST, '--listTests', ...args.filter((arg) => !NOT_FOR_LISTS.test(arg))];
  return new Promise((resolve) => {
    execFile(NODE, list, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 }, (_error, stdout) =>
      resolve(stdout.split('\n').map((line) => relative(ROOT, line.trim()))),
    );
  });
}
