import type { Logger } from 'pino';
import { EXIT } from './exit-codes.js';

/** An uncaught error ends the agent, with one line that says where it came from; its supervisor starts it again. */
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
