import { statfs } from 'node:fs/promises';
import type { Resources } from '../../contract/schemas/agents.js';
import { EXIT, FatalError } from '../exit-codes.js';
import { whyFileFailed } from '../file-errors.js';

const GONE = ['ENOENT', 'ENOTDIR'];

/**
 * The filesystem that holds `folder`. What is reserved for root is neither used nor available.
 * @returns undefined where it cannot be read now
 * @throws FatalError where the folder is gone: an agent that lost its state folder has lost its identity
 */
export async function readDisk(folder: string): Promise<Resources['disk']> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(folder);
    return { totalBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize, availableBytes: bavail * bsize };
  } catch (error) {
    if (!GONE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new FatalError(`The state folder ${folder} cannot be used any more: ${whyFileFailed(error)}`, EXIT.failed);
  }
}
