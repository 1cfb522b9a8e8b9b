import { chmod, mkdir, opendir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, FatalError } from './exit-codes.js';
import { whyFileFailed } from './file-errors.js';

/**
 * Creates the folder of the agent's state, accessible to its owner only.
 * @throws FatalError if it cannot be created
 */
export async function makeStateFolder(path: string): Promise<void> {
  try {
    // Not in one call: if the system answers ENOENT for a folder that cannot exist (under /proc), Node's recursive mkdir never ends.
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    // A file of that name is left as it is: opening it as a folder fails with ENOTDIR.
    await (await opendir(path)).close();
    await chmod(path, 0o700);
  } catch (error) {
    throw new FatalError(
      `The state folder ${path} cannot be used: ${whyFileFailed(error)}; set Compute.StateDir to a folder that the agent owns`,
      EXIT.failed,
    );
  }
}
