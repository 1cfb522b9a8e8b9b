import { ConfigError } from '../contract/config/config-error.js';
import { endLeftovers } from './end-leftovers.js';
import { ServerNotFound } from './find-binary.js';
import { lockHome } from './home-lock.js';
import { Home } from './home.js';
import type { HomeSupervisor } from './home-supervisor.js';
import { Progress } from './progress.js';
import { keepLogsSmall, rotateLogs } from './rotate-logs.js';
import { StartupError } from './startup-error.js';
import { onStopSignals } from './stop-signals.js';

interface Options {
  home: string;
  help: boolean;
}

/**
 * Runs a home's cluster until a signal or a failure ends it.
 * @param parse parses the command line
 * @param make makes the supervisor, once the home exists and is locked
 */
export async function runProgram<Asked extends Options>(
  usage: string,
  parse: (argv: string[], env: NodeJS.ProcessEnv) => Asked,
  make: (home: Home, options: Asked, progress: Progress, out: (text: string) => void) => HomeSupervisor,
): Promise<never> {
  // A reader that goes away (`npm start | head`) is no reason to end the cluster.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const options = parse(process.argv.slice(2), process.env);
    if (options.help) process.stdout.write(usage);
    else {
      const progress = new Progress();
      await runUntilStopped(options.home, progress, (home) =>
        make(home, options, progress, (text) => process.stdout.write(text)),
      );
      process.stderr.write('Rollcall has stopped.\n');
    }
  } catch (error) {
    const { sentence, code } = sentenceFor(error);
    process.stderr.write(`${sentence}\n`);
    process.exitCode = code;
  }
  process.exit();
}

async function runUntilStopped(
  folder: string,
  progress: Progress,
  make: (home: Home) => HomeSupervisor,
): Promise<void> {
  const home = await Home.open(folder);
  const unlock = await lockHome(home);
  const supervisor = make(home);
  const stopped = onStopSignals(
    (name) => progress.say(`\n${name}: stopping (once more to end everything at once)`),
    () => {
      supervisor.kill();
      process.exit(130);
    },
  );
  const endRotation = keepLogsSmall(home);
  try {
    await endLeftovers(home, progress);
    await rotateLogs(home);
    const failure = await Promise.race([stopped, supervisor.lost, supervisor.start().then(() => stopped)]);
    if (failure) throw failure;
  } catch (error) {
    // Processes that die of a full disk may not know the cause.
    if (error instanceof StartupError) await home.demandSpace();
    throw error;
  } finally {
    await supervisor.stop();
    endRotation();
    await unlock();
  }
}

function sentenceFor(error: unknown): { sentence: string; code: number } {
  if (error instanceof ConfigError) return { sentence: error.message, code: 2 };
  if (error instanceof StartupError) return { sentence: error.message, code: error.exitCode };
  if (error instanceof ServerNotFound) return { sentence: error.message, code: 1 };
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    return { sentence: 'The disk is full: free some space, or choose another home with --home DIR.', code: 1 };
  return {
    sentence: `Rollcall failed in a way that it does not know: ${error instanceof Error ? error.stack : String(error)}`,
    code: 1,
  };
}
