import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, loadavg, totalmem } from 'node:os';
import { MACHINE_BOUNDS, within } from '../../contract/machine-bounds.js';
import { roundFigure } from '../../contract/measures.js';
import type { Resources } from '../../contract/schemas/agents.js';

/** Resources of an api replica's machine. Cheap: starts no processes and scans nothing. */
export class OwnResources {
  private previous = cpuTimes();

  /** @param connections number of connections that the api serves */
  async read(connections: number): Promise<Resources> {
    const memoryTotal = totalmem();
    const memoryFree = freemem();
    return {
      cpu: { cores: availableParallelism(), utilization: this.cpuUtilization() },
      memory: { totalBytes: memoryTotal, usedBytes: memoryTotal - memoryFree, availableBytes: memoryFree },
      disk: await disk(),
      gpus: [],
      connections,
      // Windows has no load average, for which Node returns 0.
      ...(process.platform !== 'win32' && { loadAverage: roundFigure('loadAverage', loadavg()[0] ?? 0) }),
    };
  }

  /** CPU utilization since the last reading. */
  private cpuUtilization(): number {
    const now = cpuTimes();
    const total = now.total - this.previous.total;
    const idle = now.idle - this.previous.idle;
    this.previous = now;
    return total <= 0 ? 0 : Math.min(1, Math.max(0, 1 - idle / total));
  }
}

function cpuTimes(): { total: number; idle: number } {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, idle };
}

/** Usage of the working folder's filesystem. */
async function disk(): Promise<Resources['disk']> {
  const { bsize, blocks, bfree, bavail } = await statfs('.');
  const bytesOf = (count: number) => within(MACHINE_BOUNDS.diskBytes, count * bsize);
  return { totalBytes: bytesOf(blocks), usedBytes: bytesOf(blocks - bfree), availableBytes: bytesOf(bavail) };
}
