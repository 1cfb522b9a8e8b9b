import { EXIT } from './exit-codes.js';
import type { Log } from './log.js';

/**
 * Aborted at the first signal that asks the agent to stop, with the signal's name as the reason. At the second the agent exits at once. SIGHUP
 * stops an agent that runs in a terminal; a daemon, which has none, reloads its configuration.
 * @param reload called at such a SIGHUP
 */
export function stopOnSignal(
  log: Log,
  reload: () => void,
  hasTerminal = process.stdin.isTTY || process.stderr.isTTY,
): AbortSignal {
  const controller = new AbortController();
  const stopsAt = hasTerminal ? (['SIGTERM', 'SIGINT', 'SIGHUP'] as const) : (['SIGTERM', 'SIGINT'] as const);
  for (const signal of stopsAt) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.failed);
      log.info(`stopping: ${signal}`);
      controller.abort(signal);
    });
  }
  if (!hasTerminal) process.on('SIGHUP', reload);
  return controller.signal;
}
