import type { Logger } from 'pino';
import { processLog } from '../../contract/process/process-log.js';

/** The logger of the agent's parts; a simulator passes one that counts. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const SECRETS = ['token', 'accessToken', 'assertion', 'authorization', 'privateKey', 'd'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/** @param bindings included in every line */
export function createAgentLog(bindings: Record<string, string> = {}): Promise<Logger> {
  return processLog(SECRETS, bindings);
}
