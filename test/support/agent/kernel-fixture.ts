import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KernelFiles } from '../../../agent/resources/kernel-files.js';
import { removeFolder } from '../remove-folder.js';

/** Kernel files of a machine, by path, for as long as `use` runs. `write` changes them. */
export async function withKernel(
  files: Record<string, string>,
  use: (kernel: KernelFiles, write: (files: Record<string, string>) => Promise<void>) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-kernel-'));
  const write = async (texts: Record<string, string>) => {
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  try {
    await write(files);
    await use(new KernelFiles(root), write);
  } finally {
    await removeFolder(root);
  }
}

/** A machine with four processors and 8,000,000 kB of memory, without control groups. */
export const MACHINE = {
  '/proc/self/status': 'Cpus_allowed_list:\t0-3\n',
  '/proc/stat':
    'cpu0 100 0 0 100 0 0 0 0 0 0\ncpu1 100 0 0 100 0 0 0 0 0 0\ncpu2 100 0 0 100 0 0 0 0 0 0\ncpu3 100 0 0 100 0 0 0 0 0 0\n',
  '/proc/meminfo': 'MemTotal:        8000000 kB\nMemFree:          500000 kB\nMemAvailable:    6000000 kB\n',
  '/proc/net/snmp': 'Tcp: RtoMin CurrEstab\nTcp: 200 12\n',
};
