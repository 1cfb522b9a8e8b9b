// jest with ES modules, on Node 24.
//
// Without V8's cache of compilations, which keeps each suite's modules and all that they hold after the suite's end: 20 to 35 MB a
// suite. It saves nothing here, since modules of another suite are compiled anew all the same.
import { join } from 'node:path';
import { NODE, ROOT, run } from './setup.mjs';
import { beginTestRun } from './test-run.mjs';

/** @returns {Promise<number>} jest's exit code, once nothing of the run is left */
export async function jest(args) {
  const testRun = beginTestRun();
  const code = await run(
    NODE,
    [
      '--experimental-vm-modules',
      '--no-compilation-cache',
      '--disable-warning=ExperimentalWarning',
      join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...args,
    ],
    { env: testRun.env },
  );
  await testRun.end();
  return code;
}
