import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kernel's files under a root folder: `/`, or a folder of fixtures in tests. */
export class KernelFiles {
  constructor(private readonly root = '/') {}

  /** Text of the file; undefined if this kernel, or this container, does not have it. */
  async read(...path: string[]): Promise<string | undefined> {
    try {
      return await readFile(join(this.root, ...path), 'utf8');
    } catch {
      // ENOENT, EACCES, EOPNOTSUPP and ENODEV all mean that this source has nothing to say here.
      return undefined;
    }
  }

  /** Absolute path, for callers that need more than the text. */
  at(...path: string[]): string {
    return join(this.root, ...path);
  }
}
