// jest with ES modules, on Node 24.
import { join } from 'node:path';
import { NODE, ROOT, run } from './setup.mjs';

/** @returns {Promise<number>} jest's exit code */
export function jest(args) {
  return run(NODE, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args]);
}
