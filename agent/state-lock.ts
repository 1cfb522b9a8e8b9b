import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EXIT, FatalError } from './exit-codes.js';
import { whyFileFailed } from './file-errors.js';

/** Who holds a state folder. */
interface Holder {
  pid: number;
  host: string;
  /** When the process started, in the kernel's words: a pid alone may belong to another process by now. */
  started: string;
}

/** How often to try again where another process takes the folder between our look and our attempt. */
const ATTEMPTS = 3;

/**
 * Takes a state folder for this process, so that no second agent sends heartbeats under the same identity.
 * @returns gives the folder back
 * @throws FatalError where a living agent holds it, or where it cannot be written
 */
export async function lockStateFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'agent.lock');
  const mine = join(folder, `agent.lock.${randomUUID()}`);
  const self: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  try {
    await writeFile(mine, JSON.stringify(self), { mode: 0o600, flag: 'wx' });
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        // A link appears whole or not at all: nobody reads a lock that is half written.
        await link(mine, path);
        return () => rm(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await readHolder(path);
      if (holder && (await isAlive(holder, self))) throw heldBy(folder, holder);
      await rm(path, { force: true });
    }
    throw new FatalError(`The state folder ${folder} keeps being taken by other agents; give each its own Compute.StateDir`, EXIT.failed);
  } catch (error) {
    if (error instanceof FatalError) throw error;
    throw new FatalError(`The state folder ${folder} cannot be written: ${whyFileFailed(error)}; set Compute.StateDir to a folder that the agent owns and that has room`, EXIT.failed);
  } finally {
    await rm(mine, { force: true });
  }
}

function heldBy(folder: string, holder: Holder): FatalError {
  return new FatalError(`Another agent (pid ${holder.pid}) uses the state folder ${folder}; stop it, or set Compute.StateDir to another folder`, EXIT.failed);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const { pid, host, started } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return Number.isInteger(pid) && typeof host === 'string' && typeof started === 'string' ? { pid: pid as number, host, started } : undefined;
  } catch {
    // Gone already, or not written by an agent: nobody holds it.
    return undefined;
  }
}

/** A lock from another host (a container that was replaced, a copied folder) cannot be asked about, and does not outlive that host. */
async function isAlive(holder: Holder, self: Holder): Promise<boolean> {
  if (holder.host !== self.host) return false;
  if (holder.pid === self.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startOf(holder.pid)) === holder.started;
}

/** On Linux the boot and the ticks since at which the process started; elsewhere nothing, and then the pid has to do. */
async function startOf(pid: number): Promise<string> {
  try {
    const [boot, stat] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
    // The name in parentheses may hold spaces and parentheses; 22 is counted from the pid, so 20 from behind the name.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot.trim()}/${ticks}`;
  } catch {
    return '';
  }
}
