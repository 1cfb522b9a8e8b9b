import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { round } from './latencies.js';
import { cpuTicks, TICKS_PER_SECOND } from './process-usage.js';

/** How long the machine is observed, in milliseconds. */
const LOOK_MS = 5_000;
/** Maximum number of cores that others may keep busy; otherwise measurements say little. */
export const MOST_BUSY_CORES = 0.5;
/** Processes that take less of a core are not named. */
const WORTH_NAMING = 0.05;
const NAMED = 5;

/** Other load of the machine. */
export interface OtherWork {
  /** Cores that are busy, or that the machine's host gives to others. */
  busyCores: number;
  /** Processes that take most of them: `go build 0.98`. */
  processes: string[];
}

/** Observes the machine while no process of the bench runs: from /proc, so on Linux only. The load average would include earlier processes. */
export async function lookAround(): Promise<OtherWork> {
  const [idle, ticks, began] = [idleTicks(), processTicks(), performance.now()];
  await pause(LOOK_MS);
  const seconds = (performance.now() - began) / 1_000;
  const cores = (ofTicks: number) => ofTicks / TICKS_PER_SECOND / seconds;
  const processes = [...processTicks()]
    .map(([pid, { name, used }]) => ({ name, cores: cores(used - (ticks.get(pid)?.used ?? used)) }))
    .filter((one) => one.cores >= WORTH_NAMING)
    .toSorted((a, b) => b.cores - a.cores)
    .slice(0, NAMED);
  return {
    busyCores: round(Math.max(0, coreCount() - cores(idleTicks() - idle)), 2),
    processes: processes.map((one) => `${one.name} ${one.cores.toFixed(2)}`),
  };
}

/** In one line, for people. */
export function describeSurroundings({ busyCores, processes }: OtherWork): string {
  return `${busyCores} cores busy${processes.length === 0 ? '' : ` (${processes.join(', ')})`}`;
}

function statLines(): string[] {
  return readFileSync('/proc/stat', 'utf8').split('\n');
}

function coreCount(): number {
  return statLines().filter((line) => /^cpu\d/.test(line)).length;
}

/** Of all cores, including waits for a disk. */
function idleTicks(): number {
  const [, , , , idle = 0, waiting = 0] = (statLines()[0] ?? '').split(/\s+/).map(Number);
  return idle + waiting;
}

function processTicks(): Map<number, { name: string; used: number }> {
  const found = new Map<number, { name: string; used: number }>();
  for (const pid of readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)) {
    if (pid === process.pid) continue;
    try {
      found.set(pid, { name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), used: cpuTicks(pid) });
    } catch {
      // It has ended.
    }
  }
  return found;
}
