import { open } from 'node:fs/promises';

const TAIL_BYTES = 64 * 2 ** 10;

/** What Node prints around the line that explains a crash. */
const STACK_TRACE = /^\s+at |^Node\.js v|^\s*[{}^]*\s*$|^\s+(code|requireStack): |^node:internal|^file:\/\//;

/**
 * The last lines of a log, for people; of JSON lines only the message.
 * @param from offset in bytes; earlier lines belong to an earlier process
 */
export async function lastLines(path: string, from: number, count = 5): Promise<string[]> {
  const text = await tail(path, from);
  return text
    .split('\n')
    .filter((line) => !STACK_TRACE.test(line))
    .map(said)
    .filter((line) => line !== '')
    .slice(-count);
}

async function tail(path: string, from: number): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      // A log that is shorter than before has been rotated meanwhile.
      const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(Math.max(0, size - start)),
        0,
        Math.max(0, size - start),
        start,
      );
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** pino and mongod both write JSON lines with a `msg`; if there is an error, its message says more. */
function said(line: string): string {
  const trimmed = line.trim();
  if (!trimmed.startsWith('{')) return trimmed.slice(0, 500);
  try {
    const { msg, err, attr } = JSON.parse(trimmed) as {
      msg?: unknown;
      err?: { message?: unknown };
      attr?: { error?: unknown };
    };
    const details = [err?.message, attr?.error]
      .filter((detail) => detail !== undefined && detail !== msg)
      .map((detail) => (typeof detail === 'string' ? detail : JSON.stringify(detail)));
    return [typeof msg === 'string' ? msg : trimmed, ...details].join(': ').slice(0, 500);
  } catch {
    return trimmed.slice(0, 500);
  }
}
