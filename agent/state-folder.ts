import { chmod, mkdir } from 'node:fs/promises';
import { EXIT, FatalError } from './exit-codes.js';
import { whyFileFailed } from './file-errors.js';

/**
 * Makes the folder that holds what the agent must not forget, for its owner only.
 * @throws FatalError where it cannot be made
 */
export async function makeStateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    throw new FatalError(`The state folder ${path} cannot be used: ${whyFileFailed(error)}; set Compute.StateDir to a folder that the agent owns`, EXIT.failed);
  }
}
