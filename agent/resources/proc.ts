/** Pure parsers of files under /proc. */

/** Processor time that passed, and how much of it was busy, in clock ticks. */
export interface CpuTicks {
  busy: number;
  total: number;
}

/**
 * /proc/stat: ticks since boot of the processors in `cpus`.
 * Guest time is part of user time already, and time stolen by a hypervisor counts as busy.
 */
export function parseCpuTicks(stat: string, cpus: ReadonlySet<number>): CpuTicks {
  const ticks = { busy: 0, total: 0 };
  for (const [, cpu, numbers] of stat.matchAll(/^cpu(\d+) (.*)$/gm)) {
    if (!cpus.has(Number(cpu))) continue;
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (numbers as string)
      .trim()
      .split(/\s+/)
      .map(Number);
    const busy = user + nice + system + irq + softirq + steal;
    ticks.busy += busy;
    ticks.total += busy + idle + iowait;
  }
  return ticks;
}

/** /proc/self/status: the processors that this process may run on (`Cpus_allowed_list: 0-3,8`). */
export function parseAllowedCpus(status: string): Set<number> {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  const cpus = new Set<number>();
  for (const range of list.split(',')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) continue;
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu++) cpus.add(cpu);
  }
  return cpus;
}

export interface MemoryInfo {
  totalBytes: number;
  /** Memory available to new work without swapping: free, or in caches that can be dropped. */
  availableBytes: number;
}

/** /proc/meminfo; undefined if it does not say. Kernels before 3.14 have no MemAvailable. */
export function parseMemoryInfo(meminfo: string): MemoryInfo | undefined {
  const bytes = (key: string) =>
    Number(new RegExp(`^${key}:\\s*(\\d+) kB$`, 'm').exec(meminfo)?.[1] ?? Number.NaN) * 1_024;
  const available = bytes('MemAvailable');
  const info = {
    totalBytes: bytes('MemTotal'),
    availableBytes: Number.isNaN(available) ? bytes('MemFree') + bytes('Cached') : available,
  };
  return Number.isNaN(info.totalBytes + info.availableBytes) ? undefined : info;
}

/** /proc/meminfo: swap in use; undefined without swap. */
export function parseSwapUsed(meminfo: string): number | undefined {
  const bytes = (key: string) => Number(new RegExp(`^${key}:\\s*(\\d+) kB$`, 'm').exec(meminfo)?.[1]) * 1_024;
  const [total, free] = [bytes('SwapTotal'), bytes('SwapFree')];
  return total > 0 && free <= total ? total - free : undefined;
}

/** /proc/loadavg: average of the last minute. */
export function parseLoadAverage(loadavg: string): number | undefined {
  const average = /^(\d+(?:\.\d+)?) /.exec(loadavg)?.[1];
  return average === undefined ? undefined : Number(average);
}

/** /proc/net/snmp: TCP connections over IPv4 and IPv6 that are ESTABLISHED or CLOSE-WAIT. */
export function parseEstablishedConnections(snmp: string): number | undefined {
  const [names, values] = [...snmp.matchAll(/^Tcp: (.*)$/gm)].map(([, line]) => (line as string).split(' '));
  const value = Number(values?.[names?.indexOf('CurrEstab') ?? -1]);
  return Number.isInteger(value) ? value : undefined;
}
