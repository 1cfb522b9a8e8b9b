import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const SAMPLE_EVERY_MS = 500;

/** What a process used in a period of time. */
export interface Usage {
  cpuSeconds: number;
  /** Resident memory in MB: mean and maximum. */
  rssMb: { mean: number; max: number };
}

interface Sample {
  cpuSeconds: number;
  rssMb: number;
}

/** Samples CPU and memory of processes from /proc (Linux only), from its creation until `end`. */
export class ProcessUsage {
  private readonly begun: Record<string, Sample>;
  private readonly rss: Record<string, number[]> = {};
  private readonly timer: NodeJS.Timeout;

  /** @param pids by component */
  constructor(private readonly pids: Record<string, number>) {
    this.begun = this.sample();
    this.timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS);
  }

  end(): Record<string, Usage> {
    clearInterval(this.timer);
    const ended = this.sample();
    return Object.fromEntries(
      Object.entries(ended).map(([name, { cpuSeconds }]) => {
        const rss = this.rss[name] ?? [];
        const mean = rss.reduce((total, one) => total + one, 0) / rss.length;
        return [
          name,
          { cpuSeconds: cpuSeconds - (this.begun[name]?.cpuSeconds ?? 0), rssMb: { mean, max: Math.max(...rss) } },
        ];
      }),
    );
  }

  private sample(): Record<string, Sample> {
    const samples = Object.fromEntries(Object.entries(this.pids).map(([name, pid]) => [name, read(pid)]));
    for (const [name, { rssMb }] of Object.entries(samples)) (this.rss[name] ??= []).push(rssMb);
    return samples;
  }
}

function read(pid: number): Sample {
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: cpuTicks(pid) / TICKS_PER_SECOND, rssMb: (Number(rss ?? 0) * 1_024) / 1e6 };
}

/** @throws Error if the process has ended */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
  const [utime = 0, stime = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return utime + stime;
}
