import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a test's own, in memory, which can be filled without harm. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** Undefined if this machine does not permit mounting one (that takes root, and a container may forbid it all the same). */
  static mount(megabytes: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], {
      stdio: 'ignore',
    });
    if (status === 0) return new SmallDisk(path);
    rmdirSync(path);
    return undefined;
  }

  /** Fills it completely. */
  async fill(): Promise<void> {
    const filler = await open(this.filler, 'w');
    try {
      const block = Buffer.alloc(2 ** 20);
      for (let { bavail, bsize } = await statfs(this.path); bavail > 0; { bavail, bsize } = await statfs(this.path)) {
        await filler.write(block, 0, Math.min(block.length, bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOSPC') throw error;
        });
      }
    } finally {
      await filler.close();
    }
  }

  /** Frees the space. */
  free(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
    rmdirSync(this.path);
  }

  private get filler(): string {
    return join(this.path, 'filler');
  }
}
