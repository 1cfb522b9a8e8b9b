import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { spillFolder } from './duckdb-options.js';
import { folderBytes } from './folder-bytes.js';
import { inBytes } from '../../contract/byte-size.js';

/** Characters that are gathered before they are written. */
const BLOCK_LENGTH = 65_536;
/** How many bytes are written between two looks at what spills beside them. */
const LOOK_EVERY_BYTES = 1_024 ** 2;

/** A session needed more disk than it had asked for. */
export class DiskExceeded extends Error {
  override readonly name = 'DiskExceeded';
}

/** Writes a result line by line, and no further than its session's disk goes. Its file has its name once it is whole. */
export class ResultWriter {
  private block = '';
  private writtenBytes = 0;
  private lookedAtBytes = 0;

  private constructor(
    private readonly folder: string,
    private readonly diskBytes: number,
    private readonly file: FileHandle,
  ) {}

  /** @param diskBytes for the result and for what spills, together */
  static async open(folder: string, diskBytes: number): Promise<ResultWriter> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ResultWriter(folder, diskBytes, await open(partPath(folder), 'w', 0o600));
  }

  /**
   * @returns undefined where the line was only gathered; else await it before the next
   * @throws DiskExceeded, from what it returns
   */
  add(line: string): Promise<void> | undefined {
    this.block += line;
    return this.block.length >= BLOCK_LENGTH ? this.flush() : undefined;
  }

  /**
   * @returns the file's path
   * @throws DiskExceeded
   */
  async finish(): Promise<string> {
    await this.flush();
    await this.file.close();
    await rename(partPath(this.folder), resultPath(this.folder));
    return resultPath(this.folder);
  }

  async discard(): Promise<void> {
    await this.file.close();
    await rm(partPath(this.folder), { force: true });
  }

  private async flush(): Promise<void> {
    if (this.block === '') return;
    const bytes = Buffer.from(this.block);
    this.block = '';
    if (this.writtenBytes + bytes.length > this.diskBytes) {
      throw new DiskExceeded(`its result is larger than the ${inBytes(this.diskBytes)} of disk that it asked for`);
    }
    await this.file.writeFile(bytes);
    this.writtenBytes += bytes.length;
    if (this.writtenBytes - this.lookedAtBytes < LOOK_EVERY_BYTES) return;
    this.lookedAtBytes = this.writtenBytes;
    if (this.writtenBytes + (await folderBytes(spillFolder(this.folder))) > this.diskBytes) {
      throw new DiskExceeded(
        `its result and what it spilled are larger than the ${inBytes(this.diskBytes)} of disk that it asked for`,
      );
    }
  }
}

/** Where a session's result is, in the session's folder: one JSON object a row. */
export function resultPath(folder: string): string {
  return join(folder, 'result.jsonl');
}

function partPath(folder: string): string {
  return join(folder, 'result.part');
}
