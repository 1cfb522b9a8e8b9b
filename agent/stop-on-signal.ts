import { EXIT } from './exit-codes.js';
import type { Log } from './log.js';

/** Aborted at the first SIGTERM or SIGINT, with the signal's name as the reason. At the second the agent ends at once. */
export function stopOnSignal(log: Log): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.failed);
      log.info(`stopping: ${signal}`);
      controller.abort(signal);
    });
  }
  return controller.signal;
}
