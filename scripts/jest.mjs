// jest with ES modules, on Node 24.
import { join } from 'node:path';
import { NODE, ROOT, run } from './setup.mjs';
import { beginTestRun } from './test-run.mjs';

/** @returns {Promise<number>} jest's exit code, once nothing of the run is left */
export async function jest(args) {
  const testRun = beginTestRun();
  const code = await run(NODE, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], { env: testRun.env });
  await testRun.end();
  return code;
}
