import type { Logger } from 'pino';
import { formatDuration } from '../duration.js';

/** Maximum time to stop, in milliseconds: longer than any one request to MongoDB or Temporal, and shorter than the 30 s that Kubernetes allows. */
export const STOP_WITHIN_MS = 20_000;

/** Bounds a stop, whatever it waits for: when asked to stop, the process ends by then, with exit code 1 if it had to be cut short. */
export function stopInTime(program: string, log: Logger, withinMs = STOP_WITHIN_MS): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => {
        log.error(
          { withinMs },
          `the ${program} could not stop in good order within ${formatDuration(withinMs)}: it ends now; what it had not written yet is lost`,
        );
        process.exit(1);
      }, withinMs).unref();
    });
  }
}
