import { join } from 'node:path';
import { LockHeld, lockFor } from '../../contract/process/process-lock.js';
import { EXIT, FatalError } from './exit-codes.js';
import { whyFileFailed } from './file-errors.js';

/**
 * Locks a state folder for this process, so that no second agent sends heartbeats under the same identity.
 * @returns releases the lock
 * @throws FatalError if a living agent holds it, or it cannot be written
 */
export async function lockStateFolder(folder: string): Promise<() => Promise<void>> {
  try {
    return await lockFor(join(folder, 'agent.lock'));
  } catch (error) {
    if (error instanceof LockHeld)
      throw new FatalError(
        `Another agent (pid ${error.pid}) uses the state folder ${folder}; stop it, or set Compute.StateDir to another folder`,
        EXIT.failed,
      );
    throw new FatalError(
      `The state folder ${folder} cannot be written: ${whyFileFailed(error)}; set Compute.StateDir to a folder that the agent owns and that has room`,
      EXIT.failed,
    );
  }
}
