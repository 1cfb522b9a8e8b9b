import { freemem, totalmem } from 'node:os';
import type { Resources } from '../../contract/schemas/agents.js';
import type { CgroupLevels } from './cgroup-levels.js';
import type { KernelFiles } from './kernel-files.js';
import { parseMemoryInfo } from './proc.js';

export interface MemoryReader {
  read(): Promise<Resources['memory']>;
}

/** Linux: the machine's memory, or less if control groups limit it. */
export class LinuxMemoryReader implements MemoryReader {
  constructor(
    private readonly files: KernelFiles,
    private readonly cgroups: CgroupLevels,
  ) {}

  async read(): Promise<Resources['memory']> {
    const [meminfo = '', levels] = await Promise.all([this.files.read('/proc/meminfo'), this.cgroups.memory()]);
    // Some containers have an empty file; Node's system call answers all the same.
    const machine = parseMemoryInfo(meminfo) ?? { totalBytes: totalmem(), availableBytes: freemem() };
    const totalBytes = Math.min(machine.totalBytes, ...levels.map((level) => level.limitBytes));
    // A group's allowance is worth no more than what the machine, or any group above, has left.
    const left = Math.min(machine.availableBytes, ...levels.map((level) => level.limitBytes - level.usedBytes));
    const availableBytes = Math.min(totalBytes, Math.max(0, left));
    return { totalBytes, usedBytes: totalBytes - availableBytes, availableBytes };
  }
}

/** Other systems: Node's figures. */
export class PortableMemoryReader implements MemoryReader {
  async read(): Promise<Resources['memory']> {
    const [totalBytes, availableBytes] = [totalmem(), freemem()];
    return { totalBytes, usedBytes: totalBytes - availableBytes, availableBytes };
  }
}
