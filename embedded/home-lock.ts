import { join } from 'node:path';
import { LockHeld, lockFor } from '../contract/process/process-lock.js';
import type { Home } from './home.js';
import { StartupError } from './startup-error.js';

/**
 * Locks the home's cluster for this process. The lock of a process that is gone is taken over.
 * @returns releases the lock
 * @throws StartupError if another process holds it
 */
export async function lockHome(home: Home): Promise<() => Promise<void>> {
  try {
    return await lockFor(join(home.state, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw new StartupError(
      `Rollcall runs in ${home.path} already (process ${error.pid}); stop that one first, or start a second cluster with --home DIR and --port N.`,
    );
  }
}
