import type { Logger } from 'pino';
import { processLog } from '../../contract/process/process-log.js';

/** What the parts of the agent log to; a simulator passes one that counts. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const SECRETS = ['token', 'accessToken', 'assertion', 'authorization', 'privateKey', 'd'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/** @param bindings stand in every line */
export function createAgentLog(bindings: Record<string, string> = {}): Promise<Logger> {
  return processLog(SECRETS, bindings);
}
