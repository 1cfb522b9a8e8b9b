import { readFile } from 'node:fs/promises';
import type { SessionUsage } from './session-engine.js';

/** Ticks of processor time per second, as Linux reports them to all programs on every architecture. */
const TICKS_PER_SECOND = 100;

/** Resource usage of a process. Undefined if it is gone, or there is no /proc. */
export async function processUsage(pid: number): Promise<SessionUsage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    return { cpuMs: (parseCpuTicks(stat) / TICKS_PER_SECOND) * 1_000, memoryBytes: parseOwnMemory(status) };
  } catch {
    return undefined;
  }
}

/** /proc/PID/stat: the name in parentheses may contain spaces and parentheses; user and system time are the 12th and 13th fields after it. */
function parseCpuTicks(stat: string): number {
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return user + system;
}

/** /proc/PID/status: resident bytes that do not belong to a mapped file. */
function parseOwnMemory(status: string): number {
  const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1_024;
}
