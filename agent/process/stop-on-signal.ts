import { EXIT } from './exit-codes.js';
import type { Log } from './log.js';

/**
 * Aborted at the first signal that asks for the end, with its name as the reason. At the second the agent ends at once. A terminal that
 * goes away (SIGHUP) asks for the end too; a daemon, which has none, is asked by it to read its configuration again.
 * @param reload hears of such a SIGHUP
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
