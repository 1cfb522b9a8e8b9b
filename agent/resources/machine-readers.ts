import { CgroupLevels } from './cgroup-levels.js';
import { LinuxCpuReader, PortableCpuReader, type CpuReader } from './cpu-reader.js';
import { KernelFiles } from './kernel-files.js';
import { LinuxMemoryReader, PortableMemoryReader, type MemoryReader } from './memory-reader.js';

/** Readers for this operating system. */
export interface MachineReaders {
  cpu: CpuReader;
  memory: MemoryReader;
  files: KernelFiles;
  platform: NodeJS.Platform;
}

export function machineReaders(
  platform: NodeJS.Platform = process.platform,
  files = new KernelFiles(),
): MachineReaders {
  if (platform !== 'linux')
    return { cpu: new PortableCpuReader(), memory: new PortableMemoryReader(), files, platform };
  const cgroups = new CgroupLevels(files);
  return { cpu: new LinuxCpuReader(files, cgroups), memory: new LinuxMemoryReader(files, cgroups), files, platform };
}
