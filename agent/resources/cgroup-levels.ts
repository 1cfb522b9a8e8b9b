import { cgroupChain, parseCfsQuota, parseCounter, parseCpuMax, parseMemoryLimit, type CgroupChain } from './cgroup.js';
import type { KernelFiles } from './kernel-files.js';

/** A group on the way up that limits processor time. */
export interface CpuLevel {
  folder: string;
  cores: number;
  /** Processor time used by the group, in microseconds; undefined if the kernel does not count it. */
  usedUs: number | undefined;
}

/** A group on the way up that limits memory. */
export interface MemoryLevel {
  limitBytes: number;
  /** In use, without the file cache, which the kernel would drop first. */
  usedBytes: number;
}

interface Chains {
  cpu: CgroupChain | undefined;
  accounting: CgroupChain | undefined;
  memory: CgroupChain | undefined;
}

/**
 * The control groups that limit this process, at every level that has a limit: a child may be given more than its parent
 * has, and then the parent's limit counts. Limits are read every time, since they can change while the agent runs.
 */
export class CgroupLevels {
  private chains: Promise<Chains> | undefined;

  constructor(private readonly files: KernelFiles) {}

  async cpu(): Promise<CpuLevel[]> {
    const { cpu, accounting } = await this.located();
    if (!cpu) return [];
    const levels = cpu.folders.map(async (folder, depth): Promise<CpuLevel[]> => {
      const cores = await this.quota(cpu.version, folder);
      if (cores === undefined) return [];
      return [
        {
          folder,
          cores,
          usedUs: cpu.version === 2 ? await this.usageOf(folder) : await this.usageOfV1(accounting?.folders[depth]),
        },
      ];
    });
    return (await Promise.all(levels)).flat();
  }

  async memory(): Promise<MemoryLevel[]> {
    const { memory } = await this.located();
    if (!memory) return [];
    const names =
      memory.version === 1
        ? { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', cache: 'total_inactive_file' }
        : { limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' };
    const levels = memory.folders.map(async (folder): Promise<MemoryLevel[]> => {
      const limitBytes = parseMemoryLimit((await this.files.read(folder, names.limit)) ?? '');
      if (limitBytes === undefined) return [];
      const [used = '0', stat = ''] = await Promise.all([
        this.files.read(folder, names.used),
        this.files.read(folder, 'memory.stat'),
      ]);
      return [{ limitBytes, usedBytes: Math.max(0, Number(used) - (parseCounter(stat, names.cache) ?? 0)) }];
    });
    return (await Promise.all(levels)).flat();
  }

  private async quota(version: 1 | 2, folder: string): Promise<number | undefined> {
    if (version === 2) return parseCpuMax((await this.files.read(folder, 'cpu.max')) ?? '');
    const [quota = '', period = ''] = await Promise.all([
      this.files.read(folder, 'cpu.cfs_quota_us'),
      this.files.read(folder, 'cpu.cfs_period_us'),
    ]);
    return parseCfsQuota(quota, period);
  }

  private async usageOf(folder: string): Promise<number | undefined> {
    return parseCounter((await this.files.read(folder, 'cpu.stat')) ?? '', 'usage_usec');
  }

  private async usageOfV1(folder: string | undefined): Promise<number | undefined> {
    const nanoseconds = folder === undefined ? undefined : await this.files.read(folder, 'cpuacct.usage');
    return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1_000;
  }

  /** Where the limits are is looked up once, since processes seldom move between groups. */
  private located(): Promise<Chains> {
    this.chains ??= this.locate();
    return this.chains;
  }

  private async locate(): Promise<Chains> {
    const [mounts = '', groups = ''] = await Promise.all([
      this.files.read('/proc/self/mountinfo'),
      this.files.read('/proc/self/cgroup'),
    ]);
    const chain = (controller: 'cpu' | 'cpuacct' | 'memory') => cgroupChain(mounts, groups, controller);
    const [cpu, accounting] = [chain('cpu'), chain('cpuacct')];
    // Version 1 counts processor time in a hierarchy of its own: it is the same group only if it is as deep.
    const aligned = accounting?.folders.length === cpu?.folders.length ? accounting : undefined;
    return { cpu, accounting: aligned, memory: chain('memory') };
  }
}
