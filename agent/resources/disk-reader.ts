import { statfs } from 'node:fs/promises';
import { MACHINE_BOUNDS, within } from '../../contract/machine-bounds.js';
import type { Resources } from '../../contract/schemas/agents.js';
import { EXIT, FatalError } from '../process/exit-codes.js';
import { whyFileFailed } from '../process/file-errors.js';

const GONE = ['ENOENT', 'ENOTDIR'];

/**
 * The filesystem of `folder`. Space reserved for root is neither used nor available.
 * @returns undefined if it cannot be read now
 * @throws FatalError if the folder is gone: an agent without its state folder has lost its identity
 */
export async function readDisk(folder: string): Promise<Resources['disk']> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(folder);
    const bytesOf = (count: number) => within(MACHINE_BOUNDS.diskBytes, count * bsize);
    return { totalBytes: bytesOf(blocks), usedBytes: bytesOf(blocks - bfree), availableBytes: bytesOf(bavail) };
  } catch (error) {
    if (!GONE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new FatalError(`The state folder ${folder} cannot be used any more: ${whyFileFailed(error)}`, EXIT.failed);
  }
}
