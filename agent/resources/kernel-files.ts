import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kernel's files under a root folder: `/` in life, a folder of fixtures in tests. */
export class KernelFiles {
  constructor(private readonly root = '/') {}

  /** The file's text, or undefined where this kernel, or this container, does not have it. */
  async read(...path: string[]): Promise<string | undefined> {
    try {
      return await readFile(join(this.root, ...path), 'utf8');
    } catch {
      // ENOENT, EACCES, EOPNOTSUPP, ENODEV: all mean that this source has nothing to say here.
      return undefined;
    }
  }

  /** Where the path is, for those who need more than its text. */
  at(...path: string[]): string {
    return join(this.root, ...path);
  }
}
