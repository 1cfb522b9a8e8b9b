import { pino, type Logger } from 'pino';
import { SECRET_PATHS } from '../config/secret-keys.js';
import { LogOutput } from './log-output.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** Log level of a process: ROLLCALL_LOG_LEVEL, or `info`. An unknown level counts as not set, so that it keeps no process from starting. */
export function logLevel(env: Readonly<Record<string, string | undefined>>): LogLevel {
  const wanted = env['ROLLCALL_LOG_LEVEL']?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? 'info';
}

/**
 * The log of a process: JSON lines on stderr, or readable ones on a terminal. Written synchronously, since the last line before an exit
 * matters most; failures of the disk or the reader never reach the code that logs.
 * @param secretKeys paths to redact, in case an object with secrets is logged by mistake. The configuration's own
 * secrets are always included.
 * @param bindings included in every line
 * @param hears called with each line as it is written
 * @param mixin additional fields of a line, computed when it is written
 */
export async function processLog(
  secretKeys: readonly string[],
  bindings: Record<string, string> | null = null,
  hears?: (line: string) => void,
  mixin?: () => object,
): Promise<Logger> {
  const options = {
    base: bindings,
    redact: [...secretKeys, ...SECRET_PATHS],
    level: logLevel(process.env),
    ...(mixin && { mixin }),
  };
  const output = new LogOutput(undefined, hears);
  // Other writers to stderr (Node's own warnings) must not end the process either.
  process.stderr.on('error', () => undefined);
  if (!process.stderr.isTTY) return pino(options, output);
  const { default: pretty } = await import('pino-pretty');
  // The type demands a whole stream; only `write` is used.
  return pino(
    options,
    pretty({ destination: output as unknown as NodeJS.WritableStream, ignore: Object.keys(bindings ?? {}).join(',') }),
  );
}
