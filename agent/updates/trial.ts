import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { formatSpan } from '../../contract/duration.js';
import { EXIT } from '../process/exit-codes.js';
import type { Log } from '../process/log.js';
import { becomeProgram, environmentOf, installedAgent, ownCommand } from './replace-process.js';
import type { LastUpdate, UpdateFolder } from './update-folder.js';

/** Message of a version on trial to its parent, once the api has accepted a heartbeat. */
const HEARD = 'rollcall: heard';
/** How long an agent may take to stop when asked, in milliseconds. */
const LAST_WORDS_MS = 20_000;

/** In a version on trial: ends when its parent does. */
export function endWithParent(): void {
  if (!process.send) process.exit(EXIT.failed);
  process.on('disconnect', () => process.exit(EXIT.failed));
  process.channel?.unref();
}

/** In a version on trial: the api has accepted its heartbeat. */
export function tellHeard(): void {
  process.send?.(HEARD, undefined, undefined, () => undefined);
}

/**
 * Tries a version in place of this one, which has stopped its own work: the new one is a child process until the api has accepted its
 * heartbeat. Then this process becomes it; if it ends or is not heard in time, this process restarts as what it was. Returns only if
 * `stop` is aborted.
 * @param argv of the agent
 */
export async function tryVersion(
  folder: UpdateFolder,
  update: LastUpdate,
  {
    version,
    argv,
    timeoutMs,
    log,
    stop,
  }: { version: string; argv: string[]; timeoutMs: number; log: Log; stop: AbortSignal },
): Promise<void> {
  const installed = installedAgent() ?? { version, command: ownCommand() };
  const launcher = folder.launcher(update.version);
  log.info({ version, tries: update.version }, `trying version ${update.version}`);
  const child = spawn(launcher, argv, {
    env: environmentOf(installed, true),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const why = await untilHeard(child, timeoutMs, stop);
  await end(child, why === undefined || stop.aborted);
  if (stop.aborted) return;
  if (why === undefined) {
    // In this order, so that a process killed in between finds the new version as current, and its trial as over.
    await folder.use({ version: update.version, id: update.id, base: installed.version });
    await folder.note({ ...update, state: 'DONE' });
    log.info(`version ${update.version} was heard, and runs from now on`);
    becomeProgram([launcher, ...argv], environmentOf(installed));
  }
  await folder.note({ ...update, state: 'FAILED', reason: why });
  log.error(`version ${update.version} is no good (${why}): going back to ${version}`);
  becomeProgram([...ownCommand(), ...argv], process.env);
}

/** Why the version failed its trial; undefined if it was heard. */
function untilHeard(child: ChildProcess, timeoutMs: number, stop: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`it was not heard within ${formatSpan(timeoutMs)}`), timeoutMs);
    const finish = (why: string | undefined) => {
      clearTimeout(timer);
      resolve(why);
    };
    child.once('error', (error) => finish(`it cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => finish(`it ended by itself with ${signal ?? `code ${code}`}`));
    child.on('message', (message) => {
      if (message === HEARD) finish(undefined);
    });
    stop.addEventListener('abort', () => finish('the agent was asked to stop'), { once: true });
  });
}

async function end(child: ChildProcess, gently: boolean): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (gently) {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), LAST_WORDS_MS);
    await exited;
    clearTimeout(patience);
  } else {
    child.kill('SIGKILL');
    await exited;
  }
}
