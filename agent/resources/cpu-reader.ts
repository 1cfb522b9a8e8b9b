import { cpus, availableParallelism } from 'node:os';
import type { Resources } from '../../contract/schemas/agents.js';
import type { CgroupLevels, CpuLevel } from './cgroup-levels.js';
import type { KernelFiles } from './kernel-files.js';
import { parseAllowedCpus, parseCpuTicks, type CpuTicks } from './proc.js';

export interface CpuReader {
  /** Number of cores that this process may use. */
  cores(): Promise<number>;
  /** The same, and their utilisation since the last reading, which is 0 at the first. */
  read(): Promise<Resources['cpu']>;
}

interface Sample {
  elapsedMs: number;
  ticks: CpuTicks;
  /** By folder, in microseconds. */
  used: Map<string, number>;
}

/** Linux: /proc/stat of the processors that this process may run on, and the quotas of its control groups. */
export class LinuxCpuReader implements CpuReader {
  private last: Sample | undefined;

  constructor(
    private readonly files: KernelFiles,
    private readonly cgroups: CgroupLevels,
    /** Milliseconds of a monotonic clock. */
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  async cores(): Promise<number> {
    const [allowed, levels] = await Promise.all([this.allowed(), this.cgroups.cpu()]);
    return coresOf(allowed, levels);
  }

  async read(): Promise<Resources['cpu']> {
    const [allowed, stat = '', levels] = await Promise.all([
      this.allowed(),
      this.files.read('/proc/stat'),
      this.cgroups.cpu(),
    ]);
    const now: Sample = {
      elapsedMs: this.elapsed(),
      ticks: parseCpuTicks(stat, allowed),
      used: new Map(levels.flatMap(({ folder, usedUs }) => (usedUs === undefined ? [] : [[folder, usedUs]]))),
    };
    const before = this.last;
    this.last = now;
    return { cores: coresOf(allowed, levels), utilization: before ? utilization(before, now, levels) : 0 };
  }

  private async allowed(): Promise<Set<number>> {
    return parseAllowedCpus((await this.files.read('/proc/self/status')) ?? '');
  }
}

function coresOf(allowed: ReadonlySet<number>, levels: readonly CpuLevel[]): number {
  // If /proc says nothing, Node's system call does.
  return Math.min(allowed.size || availableParallelism(), ...levels.map((level) => level.cores));
}

/** Under a quota, how much of the tightest one is used; otherwise how busy the processors are. */
function utilization(before: Sample, now: Sample, levels: readonly CpuLevel[]): number {
  const shares = levels.flatMap(({ folder, cores, usedUs }) => {
    const earlier = before.used.get(folder);
    const allowedUs = (now.elapsedMs - before.elapsedMs) * 1_000 * cores;
    return usedUs === undefined || earlier === undefined || allowedUs <= 0 ? [] : [(usedUs - earlier) / allowedUs];
  });
  return asFraction(shares.length > 0 ? Math.max(...shares) : busyShare(before.ticks, now.ticks));
}

/** Other systems: Node's figures. */
export class PortableCpuReader implements CpuReader {
  private last: CpuTicks | undefined;

  async cores(): Promise<number> {
    return availableParallelism();
  }

  async read(): Promise<Resources['cpu']> {
    const now = { busy: 0, total: 0 };
    for (const { times } of cpus()) {
      const busy = times.user + times.nice + times.sys + times.irq;
      now.busy += busy;
      now.total += busy + times.idle;
    }
    const before = this.last;
    this.last = now;
    return { cores: availableParallelism(), utilization: before ? asFraction(busyShare(before, now)) : 0 };
  }
}

function busyShare(before: CpuTicks, now: CpuTicks): number {
  return now.total > before.total ? (now.busy - before.busy) / (now.total - before.total) : 0;
}

function asFraction(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000;
}
