import { pino, type Logger } from 'pino';
import { SECRET_PATHS } from '../config/secret-keys.js';
import { LogOutput } from './log-output.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** How much a process logs: what ROLLCALL_LOG_LEVEL says, else `info`. A level that does not exist counts as not set: no process stays down for that. */
export function logLevel(env: Readonly<Record<string, string | undefined>>): LogLevel {
  const wanted = env['ROLLCALL_LOG_LEVEL']?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? 'info';
}

/**
 * The log of a process: JSON lines on stderr, or readable ones where a person looks on. Written at once, since the last line before an exit
 * is the one that matters; and whatever becomes of the disk or the reader, nothing of it reaches who logs.
 * @param secretKeys are never logged on purpose; this is for the day on which somebody logs an object that holds one. The configuration's own
 * secrets are among them for every process.
 * @param bindings stand in every line
 * @param hears each line, as it is written
 * @param mixin what stands in a line besides, asked when it is written
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
  // What else writes to stderr (Node's own warnings) ends the process no more than we do.
  process.stderr.on('error', () => undefined);
  if (!process.stderr.isTTY) return pino(options, output);
  const { default: pretty } = await import('pino-pretty');
  // Its types want a whole stream; it writes, and nothing else.
  return pino(
    options,
    pretty({ destination: output as unknown as NodeJS.WritableStream, ignore: Object.keys(bindings ?? {}).join(',') }),
  );
}
