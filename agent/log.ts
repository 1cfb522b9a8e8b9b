import { pino, type Logger } from 'pino';
import { logLevel } from '../contract/log-level.js';

/** What the parts of the agent log to; a simulator passes one that counts. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Secrets are never logged on purpose; this is for the day on which somebody logs an object that holds one. */
const SECRETS = ['token', 'accessToken', 'assertion', 'authorization', 'privateKey', 'd'].flatMap((key) => [key, `*.${key}`]);

/** JSON lines on stderr, or readable ones where a person looks on. Written at once: the last line before an exit is the one that matters. */
export async function createLog(bindings: Record<string, string> = {}): Promise<Logger> {
  const options = { base: bindings, redact: SECRETS, level: logLevel(process.env) };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true, ignore: Object.keys(bindings).join(',') }));
}
