import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home.js';
import { componentOfRecord } from './managed-process.js';
import { isAlive, isProcessRecord, type ProcessRecord } from '../contract/process/process-record.js';
import type { Progress } from './progress.js';
import { StartupError } from './startup-error.js';

const PATIENCE_MS = 15_000;

/** The order in which a cluster is stopped: writers before the servers that they write to. */
const ORDER = ['agent-', 'proxy', 'api', 'worker', 'temporal', 'mongod', 'postgres'];

/**
 * Ends processes that a killed supervisor left behind. A process is only touched if it is verifiably the recorded one, not a later one with the same pid.
 * @throws StartupError if one does not end
 */
export async function endLeftovers(home: Home, progress: Progress): Promise<void> {
  const leftovers: { component: string; record: ProcessRecord }[] = [];
  for (const file of await readdir(home.state)) {
    const component = componentOfRecord(file);
    if (component === undefined) continue;
    const record = await home.remembered(file.slice(0, -'.json'.length));
    if (isProcessRecord(record) && isAlive(record)) leftovers.push({ component, record });
    else await rm(join(home.state, file), { force: true });
  }
  const rank = (component: string) => ORDER.findIndex((prefix) => component.startsWith(prefix));
  leftovers.sort((a, b) => rank(a.component) - rank(b.component));
  for (const { component, record } of leftovers) {
    progress.say(`  ${component} (process ${record.pid}) is left from an earlier start: ending it`);
    await end(component, record);
    await rm(join(home.state, `process-${component}.json`), { force: true });
  }
}

async function end(component: string, record: ProcessRecord): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(record.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new StartupError(
        `${component} (process ${record.pid}) is left from an earlier start and cannot be ended by this user: end it first.`,
      );
    }
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      if (!isAlive(record)) return;
      await delay(50);
    }
  }
  throw new StartupError(
    `${component} (process ${record.pid}) is left from an earlier start and does not end: end it first.`,
  );
}
