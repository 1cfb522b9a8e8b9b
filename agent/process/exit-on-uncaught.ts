import type { Logger } from 'pino';
import { EXIT } from './exit-codes.js';

/** Ends the agent on an uncaught error, with one log line that says where it came from; the supervisor restarts it. */
export function exitOnUncaught(log: Pick<Logger, 'fatal'>): void {
  const exit = (reason: unknown) => {
    const { name, message, stack } = reason instanceof Error ? reason : new Error(String(reason));
    const [where] = /at .*$/m.exec(stack ?? '') ?? [];
    log.fatal({ error: name, where }, `failed unexpectedly: ${message}`);
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', exit);
  process.on('unhandledRejection', exit);
}
