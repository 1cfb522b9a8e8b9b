import { becomeProgram, environmentOf, installedAgent, isProgram, ownCommand } from './replace-process.js';
import type { Log } from '../process/log.js';
import type { UpdateFolder } from './update-folder.js';

/** A version is given up after this many starts in a row without an accepted heartbeat. */
const MAX_STARTS = 3;

/**
 * At the start of the installed agent: replaces the process with the version that its api has requested, if there is one. Returns if there
 * is none, or it is not usable.
 * @param version of the installed agent
 * @param argv of the agent
 * @param unlock releases the state folder for that version
 */
export async function handOver(
  folder: UpdateFolder,
  version: string,
  argv: readonly string[],
  unlock: () => Promise<void>,
  log: Log,
): Promise<void> {
  const { current } = folder;
  if (installedAgent() !== undefined || current === undefined) return;
  const why = whyNot(folder, version);
  if (why === undefined) {
    await folder.countStarts(folder.starts + 1);
    log.info({ version, runs: current.version }, `version ${current.version} runs instead of the installed ${version}`);
    await unlock();
    becomeProgram([folder.launcher(current.version), ...argv], environmentOf({ version, command: ownCommand() }));
  }
  log.warn(`the installed version ${version} runs, and not ${current.version}: ${why}`);
  if (current.base === version)
    await folder.note({ id: current.id, version: current.version, state: 'FAILED', reason: why, attempts: 1 });
  await folder.use(undefined);
}

function whyNot(folder: UpdateFolder, version: string): string | undefined {
  const { current, starts } = folder;
  if (current === undefined) return 'there is none';
  if (current.base !== version) return `the agent was installed anew since (${current.base} before)`;
  if (!isProgram(folder.launcher(current.version))) return 'its files are gone';
  return starts >= MAX_STARTS ? `it was started ${starts} times in a row and never heard` : undefined;
}
