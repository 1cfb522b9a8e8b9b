import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { spillFolder } from './duckdb-options.js';
import { folderBytes } from './folder-bytes.js';
import { inBytes } from '../../contract/byte-size.js';

/** Characters collected before a write. */
const BLOCK_LENGTH = 65_536;
/** Bytes written between two checks of the disk use. */
const LOOK_EVERY_BYTES = 1_024 ** 2;

/** A session needs more disk than it requested. */
export class DiskExceeded extends Error {
  override readonly name = 'DiskExceeded';
}

/** Writes a result line by line, within its session's disk. The file gets its name once it is complete. */
export class ResultWriter {
  private block = '';
  private writtenBytes = 0;
  private lookedAtBytes = 0;

  private constructor(
    private readonly folder: string,
    private readonly diskBytes: number,
    private readonly file: FileHandle,
  ) {}

  /** @param diskBytes limit for result and spilled data together */
  static async open(folder: string, diskBytes: number): Promise<ResultWriter> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new ResultWriter(folder, diskBytes, await open(partPath(folder), 'w', 0o600));
  }

  /**
   * @returns undefined if the line was only buffered; otherwise a promise to await before the next line
   * @throws DiskExceeded, from the promise
   */
  add(line: string): Promise<void> | undefined {
    this.block += line;
    return this.block.length >= BLOCK_LENGTH ? this.flush() : undefined;
  }

  /**
   * @returns path of the file
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

/** A session's result in its folder: one JSON object per line. */
export function resultPath(folder: string): string {
  return join(folder, 'result.jsonl');
}

function partPath(folder: string): string {
  return join(folder, 'result.part');
}
