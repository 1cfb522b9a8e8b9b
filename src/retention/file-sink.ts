import { open, rename, type FileHandle } from 'node:fs/promises';
import { AuditSink, toAuditText, type AuditLine } from './audit-sink.js';

const MB = 2 ** 20;
const NEWLINE = 0x0a;
const LINE_BEGINS = '{"kind":"';
/** Size of the tail that is read, in bytes: longer than any line. */
const TAIL_BYTES = MB;

/**
 * An append-only file of JSON lines. It is opened for each batch, so that it may be moved away at any time, and rotated when it is large. Batches are
 * atomic: the remains of one that a full disk or a killed process has left are truncated.
 */
export class FileSink extends AuditSink {
  readonly kind = 'file';

  constructor(
    readonly name: string,
    private readonly mostMB: number,
  ) {
    super();
  }

  async keep(lines: readonly AuditLine[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${toAuditText(line)}\n`).join(''));
    await this.putAsideBefore(bytes.length);
    const file = await open(this.name, 'a+', 0o600);
    try {
      const { size, first } = await endOf(file);
      try {
        await file.writeFile(Buffer.concat([Buffer.from(first), bytes]));
        await file.datasync();
      } catch (error) {
        await file.truncate(size).catch(() => undefined);
        throw error;
      }
    } finally {
      await file.close();
    }
  }

  private async putAsideBefore(bytes: number): Promise<void> {
    const file = await open(this.name, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    const { size } = await file.stat();
    await file.close();
    if (size === 0 || size + bytes <= this.mostMB * MB) return;
    await rename(this.name, `${this.name}.${new Date().toISOString().replaceAll(':', '-')}`);
  }
}

/**
 * Truncates an incomplete line of ours that a killed process has left, which is exported again. Any other text without a final line break stays.
 * @returns the file's size, and what has to precede the next line
 */
async function endOf(file: FileHandle): Promise<{ size: number; first: string }> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead);
  const torn = tail.subarray(tail.lastIndexOf(NEWLINE) + 1);
  if (torn.length === 0) return { size, first: '' };
  const begin = torn.toString('utf8', 0, LINE_BEGINS.length);
  if (torn.length === bytesRead && from > 0) return { size, first: '\n' };
  if (!LINE_BEGINS.startsWith(begin)) return { size, first: '\n' };
  await file.truncate(size - torn.length);
  return { size: size - torn.length, first: '' };
}
