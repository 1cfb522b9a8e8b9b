import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { mongo } from 'mongoose';

const { EJSON } = mongo.BSON;
const FORMAT = 1;

/** Header of a backup file. */
export interface BackupHead {
  /** Null where the database dates from before clusters had ids. */
  clusterId: string | null;
  /** The moment that the backup shows: ISO 8601, by MongoDB's clock. */
  at: string;
}

/** Number of documents per collection. */
export type Counts = Record<string, number>;
export type BackupDocument = [collection: string, document: mongo.Document];

/** The file is not a backup, or is incomplete. */
export class UnusableBackup extends Error {}

/**
 * Writes gzipped lines of MongoDB's extended JSON, which preserves every type: the header, `[collection, document]` for each document, and the
 * counts, whose absence shows that a file is truncated. The file gets its name when it is complete; only its owner can read it.
 */
export async function writeBackup(
  path: string,
  head: BackupHead,
  documents: AsyncIterable<BackupDocument>,
): Promise<Counts> {
  const counts: Counts = {};
  async function* lines(): AsyncGenerator<string> {
    yield `${EJSON.stringify({ rollcallBackup: FORMAT, ...head })}\n`;
    for await (const [collection, document] of documents) {
      counts[collection] = (counts[collection] ?? 0) + 1;
      yield `${EJSON.stringify([collection, document], { relaxed: false })}\n`;
    }
    yield `${EJSON.stringify({ end: counts })}\n`;
  }
  const unfinished = `${path}.part`;
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return counts;
}

/**
 * Reads the whole file.
 * @throws UnusableBackup
 */
export async function inspectBackup(path: string): Promise<BackupHead & { counts: Counts }> {
  const lines = linesOf(path);
  const counts: Counts = {};
  let head: (BackupHead & { rollcallBackup?: unknown }) | undefined;
  let end: Counts | undefined;
  try {
    for await (const line of lines) {
      if (head === undefined) head = headOf(path, line);
      else if (Array.isArray(line)) counts[String(line[0])] = (counts[String(line[0])] ?? 0) + 1;
      else end = (line as { end: Counts }).end;
    }
  } catch (error) {
    if (error instanceof UnusableBackup || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    throw new UnusableBackup(`${path} is damaged: ${(error as Error).message}`);
  }
  if (head === undefined) throw new UnusableBackup(`${path} is no backup: it is empty`);
  if (end === undefined || JSON.stringify(end) !== JSON.stringify(counts))
    throw new UnusableBackup(`${path} is cut off: its end is missing`);
  return { clusterId: head.clusterId, at: head.at, counts };
}

/** The backup's documents, in the order in which they were written. */
export async function* backupDocuments(path: string): AsyncGenerator<BackupDocument> {
  for await (const line of linesOf(path)) if (Array.isArray(line)) yield line as BackupDocument;
}

function headOf(path: string, line: unknown): BackupHead {
  const { rollcallBackup: written } = (line ?? {}) as { rollcallBackup?: mongo.BSON.Int32 };
  const rollcallBackup = written?.valueOf();
  if (rollcallBackup === FORMAT) return line as BackupHead;
  throw new UnusableBackup(
    rollcallBackup === undefined
      ? `${path} is no backup of Rollcall`
      : `${path} has format ${String(rollcallBackup)}, and this version reads ${FORMAT}: restore it with the version that wrote it`,
  );
}

async function* linesOf(path: string): AsyncGenerator {
  const text = createGunzip();
  // A failure to read the file ends the text stream, whose reader throws it.
  pipeline(createReadStream(path), text).catch(() => undefined);
  let rest = '';
  for await (const chunk of text.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield EJSON.parse(line, { relaxed: false });
  }
  if (rest !== '') yield EJSON.parse(rest, { relaxed: false });
}
